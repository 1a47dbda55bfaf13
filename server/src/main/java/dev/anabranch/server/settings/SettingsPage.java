package dev.anabranch.server.settings;

/** The page of settings in the docs, from the one table. */
public final class SettingsPage {

  private SettingsPage() {}

  public static String markdown() {
    StringBuilder page =
        new StringBuilder(
            """
            # Settings

            `anabranch up` reads each setting from its flag, else from the environment, else from a file of `key = value` lines:
            the one that `--config FILE` names, or `anabranch.properties` in the data directory. All mistakes are reported
            together; an unknown key refuses to start. This page is generated from `Setting`.

            | key | flag | variable | value | default | meaning |
            |---|---|---|---|---|---|
            """);
    for (Setting setting : Setting.values()) {
      page.append(
          "| `%s` | `%s` | `%s` | %s | %s | %s |\n"
              .formatted(
                  setting.key(),
                  setting.flag(),
                  setting.variable(),
                  setting.unit(),
                  setting.defaultText(),
                  setting.sentence()));
    }
    return page.toString();
  }
}
