package dev.anabranch.dist;

import dev.anabranch.cli.Cli;
import dev.anabranch.server.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.AutoComplete;
import picocli.CommandLine;

/** Writes the script by which bash and zsh complete {@code anabranch}. */
public final class Completion {

  private Completion() {}

  /**
   * @param arguments the file to write
   */
  public static void main(String[] arguments) throws IOException {
    Path file = Path.of(arguments[0]);
    Path directory = file.getParent();
    if (directory != null) {
      Files.createDirectories(directory);
    }
    Files.writeString(file, AutoComplete.bash("anabranch", commands()));
  }

  /** Those of the client and those of the server: to a person, one command. */
  static CommandLine commands() {
    CommandLine all = Cli.commands();
    Main.commands().getSubcommands().forEach(all::addSubcommand);
    return all;
  }
}
