package dev.anabranch.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** Which Anabranch this is, as its build wrote it down: the version, and the commit if it knew. */
final class BuildVersion implements IVersionProvider {

  private static final String WRITTEN = "build.properties";

  @Override
  public String[] getVersion() {
    Properties build = new Properties();
    try (InputStream written = BuildVersion.class.getResourceAsStream(WRITTEN)) {
      if (written != null) {
        build.load(written);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + WRITTEN, e);
    }
    return new String[] {
      sentence(build.getProperty("version", ""), build.getProperty("commit", ""))
    };
  }

  static String sentence(String version, String commit) {
    String known = version.isEmpty() ? "of an unknown version" : version;
    return "anabranch " + known + (commit.isEmpty() ? "" : " (commit " + commit + ")");
  }
}
