package dev.anabranch.branch.storage;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.ObjectMapper;

/**
 * One question to a storage program, asked again when an attempt ran out of time or the program
 * says that another may succeed.
 */
record ExternalCall(Path program, String verb, Map<String, String> request, Duration timeout) {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int VERSION = 1;
  private static final int ATTEMPTS = 3;

  /** {@code sysexits.h}: EX_TEMPFAIL, "the user is invited to retry". */
  private static final int TRY_AGAIN = 75;

  private static final int QUOTED_CHARACTERS = 600;
  private static final Duration READING_PATIENCE = Duration.ofSeconds(5);

  /** How one attempt ended. */
  private sealed interface Attempt {
    record Answered(ExternalAnswer answer) implements Attempt {}

    record TryAgain(String reason) implements Attempt {}
  }

  /**
   * @throws AnabranchException with {@link ErrorCode#STORAGE_COMMAND_FAILED}, or {@link
   *     ErrorCode#STORAGE_FULL} when the program says so
   */
  ExternalAnswer make() {
    String reason = "";
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      switch (attempt()) {
        case Attempt.Answered(ExternalAnswer answer) -> {
          return answer;
        }
        case Attempt.TryAgain(String why) -> reason = why;
      }
    }
    throw failed(reason + ", " + ATTEMPTS + " times in a row");
  }

  private Attempt attempt() {
    try {
      Process process = start();
      try {
        return ending(process);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw failed("we were told to stop");
      } finally {
        kill(process);
      }
    } catch (IOException e) {
      throw failed("it can't be run: " + e.getMessage());
    }
  }

  private Process start() throws IOException {
    ProcessBuilder builder = new ProcessBuilder(List.of(program.toString(), verb));
    // Our own settings, a token among them, are none of its business.
    builder.environment().keySet().removeIf(name -> name.startsWith("ANABRANCH_"));
    return builder.start();
  }

  private Attempt ending(Process process) throws InterruptedException {
    CompletableFuture<String> printed = reading(process.getInputStream());
    CompletableFuture<String> complained = reading(process.getErrorStream());
    ask(process);
    if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
      return new Attempt.TryAgain("it did not end within " + timeout.toSeconds() + " seconds");
    }
    String output = await(printed);
    String complaint = await(complained);
    ExternalAnswer answer = answer(output, process.exitValue(), complaint);
    if (process.exitValue() == 0 && answer.error().isEmpty()) {
      return new Attempt.Answered(answer);
    }
    String reason = answer.error().orElseGet(() -> ended(process.exitValue(), complaint));
    if (process.exitValue() == TRY_AGAIN) {
      return new Attempt.TryAgain(reason);
    }
    if (answer.full() || reason.contains("No space left on device")) {
      throw new AnabranchException(
          ErrorCode.STORAGE_FULL, request.getOrDefault("target", "Anabranch's data"));
    }
    throw failed(reason);
  }

  private void ask(Process process) {
    Map<String, Object> question = new TreeMap<>(request);
    question.put("version", VERSION);
    try (OutputStream in = process.getOutputStream()) {
      in.write(JSON.writeValueAsBytes(question));
    } catch (IOException e) {
      // It ended without reading: its exit status tells the rest.
      return;
    }
  }

  private ExternalAnswer answer(String output, int exit, String complaint) {
    try {
      return ExternalAnswer.parse(output);
    } catch (JacksonException e) {
      throw failed(
          exit == 0 ? "its answer is no JSON: " + tail(output) : ended(exit, complaint + output));
    }
  }

  private static String ended(int exit, String complaint) {
    return "it ended with status "
        + exit
        + (complaint.isBlank() ? "" : " (" + tail(complaint) + ")");
  }

  private static String tail(String text) {
    String stripped = text.strip();
    return stripped.length() <= QUOTED_CHARACTERS
        ? stripped
        : stripped.substring(stripped.length() - QUOTED_CHARACTERS);
  }

  private static CompletableFuture<String> reading(InputStream stream) {
    CompletableFuture<String> text = new CompletableFuture<>();
    Thread.ofPlatform()
        .daemon()
        .name("storage-program")
        .start(() -> {
          try (stream) {
            text.complete(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
          } catch (IOException e) {
            text.complete("");
          }
        });
    return text;
  }

  /** A grandchild that keeps the pipe open must not keep us. */
  private static String await(CompletableFuture<String> text) throws InterruptedException {
    try {
      return text.get(READING_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      return "";
    }
  }

  private static void kill(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  private AnabranchException failed(String reason) {
    return new AnabranchException(ErrorCode.STORAGE_COMMAND_FAILED, program, verb, reason);
  }
}
