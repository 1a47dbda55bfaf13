package dev.anabranch.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.AutoComplete;
import picocli.CommandLine;

/** What is offered at the tabulator key is what the commands take now. */
@Tag("postgres")
class CompletionTest {

  @TempDir private static Path temporary;
  private static Unpacked anabranch;

  @BeforeAll
  static void unpack() throws IOException {
    anabranch = Unpacked.into(temporary.resolve("anabranch"));
  }

  @Test
  void itIsTheScriptOfTheCommandsAsTheyAre() throws IOException {
    assertThat(Files.readString(anabranch.completion()))
        .isEqualTo(AutoComplete.bash("anabranch", Completion.commands()));
  }

  @Test
  void commandsOfClientAndServerAreOffered() throws IOException {
    assertThat(offered("anabranch", ""))
        .contains("branch", "check", "promote", "up", "demo", "storage");
    assertThat(offered("anabranch", "branch", "cr")).containsExactly("create");
    assertThat(offered("anabranch", "check", "alice", "--format", ""))
        .containsExactly("json", "text");
  }

  @Test
  void everyOptionOfEveryCommandIsOffered() throws IOException {
    Map<String, List<String>> options = new TreeMap<>();
    collect(Completion.commands(), "anabranch", options);
    assertThat(options).containsKeys("anabranch up", "anabranch branch create");
    StringBuilder script = new StringBuilder(prelude());
    options.keySet().forEach(command -> script.append(asking(command + " -")));
    List<String> answers = bash(script.toString()).lines().toList();
    List<String> commands = List.copyOf(options.keySet());
    assertThat(answers).hasSameSizeAs(commands);
    for (int i = 0; i < commands.size(); i++) {
      assertThat(answers.get(i).split(" "))
          .as(commands.get(i))
          .containsAll(options.get(commands.get(i)));
    }
  }

  private static void collect(CommandLine command, String path, Map<String, List<String>> options) {
    List<String> names = new ArrayList<>();
    command.getCommandSpec().options().stream()
        .filter(option -> !option.hidden())
        .forEach(option -> names.addAll(Arrays.asList(option.names())));
    options.put(path, names);
    command.getSubcommands().forEach((name, sub) -> collect(sub, path + " " + name, options));
  }

  private static List<String> offered(String... words) throws IOException {
    String printed = bash(prelude() + asking(String.join(" ", words)));
    return List.of(printed.strip().split(" "));
  }

  private static String prelude() {
    return "compopt() { :; }\n. '" + anabranch.completion() + "'\n";
  }

  /** As bash asks it, with the last word unfinished. */
  private static String asking(String line) {
    String[] words = line.split(" ", -1);
    StringBuilder asked = new StringBuilder("COMP_WORDS=(");
    for (String word : words) {
      asked.append('\'').append(word).append("' ");
    }
    return asked.append(") COMP_CWORD=")
        + String.valueOf(words.length - 1)
        + " COMPREPLY=(); _complete_anabranch; echo \"${COMPREPLY[@]}\"\n";
  }

  private static String bash(String script) throws IOException {
    Path file = Files.writeString(temporary.resolve("ask.bash"), script);
    Unpacked.Outcome outcome =
        Unpacked.run(temporary, Map.of("PATH", "/usr/bin:/bin"), List.of("bash", file.toString()));
    assertThat(outcome.exitCode()).as(outcome.printed()).isZero();
    return outcome.printed();
  }
}
