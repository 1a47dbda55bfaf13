package dev.anabranch.web;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/** The few files that pages load, all of them ours. */
final class Assets {

  private static final String OWN = "/dev/anabranch/web/";
  private static final String WEBJARS = "/META-INF/resources/webjars/";
  private static final String SCRIPT = "text/javascript; charset=utf-8";

  private Assets() {}

  /**
   * A file, of text as all of them are.
   *
   * @param type its media type
   * @param tag what a browser that has it says of it
   */
  private record Asset(String type, String text, String tag) {

    static Asset of(String type, String resource) {
      try (InputStream in = Assets.class.getResourceAsStream(resource)) {
        if (in == null) {
          throw new IllegalStateException("the jar lacks " + resource);
        }
        String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        return new Asset(type, text, "\"" + Integer.toHexString(text.hashCode()) + "\"");
      } catch (IOException e) {
        throw new UncheckedIOException("reading " + resource, e);
      }
    }

    void send(Context context) {
      Html.guard(context);
      context.header("Cache-Control", "no-cache").header("ETag", tag);
      if (Optional.ofNullable(context.header("If-None-Match")).filter(tag::equals).isPresent()) {
        context.status(304);
      } else {
        context.contentType(type).result(text);
      }
    }
  }

  static void addTo(RoutesConfig routes) {
    Map.of(
            "page.css", Asset.of("text/css; charset=utf-8", OWN + "page.css"),
            "page.js", Asset.of(SCRIPT, OWN + "page.js"),
            "icon.svg", Asset.of("image/svg+xml", OWN + "icon.svg"),
            "htmx.js", Asset.of(SCRIPT, WEBJARS + "htmx.org/2.0.10/dist/htmx.min.js"))
        .forEach((name, asset) -> routes.get("/assets/" + name, asset::send));
  }
}
