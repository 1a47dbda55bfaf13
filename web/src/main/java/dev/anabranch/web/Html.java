package dev.anabranch.web;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import gg.jte.output.WriterOutput;
import io.javalin.http.Context;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** Templates become pages; all that they are given is escaped for where it stands. */
public final class Html {

  private static final TemplateEngine TEMPLATES =
      TemplateEngine.createPrecompiled(ContentType.Html);

  /** Nothing but our own files, and nobody frames us. */
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
          + " form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

  private Html() {}

  /** A piece of a page. */
  static String fragment(String template, Map<String, Object> parameters) {
    StringOutput output = new StringOutput();
    TEMPLATES.render(template + ".jte", parameters, output);
    return output.toString();
  }

  /** A page. */
  static void send(Context context, int status, String template, Map<String, Object> parameters) {
    guard(context);
    context.status(status).html(fragment(template, parameters));
  }

  /** What a template runs where that which stands before can be shown already. */
  @FunctionalInterface
  public interface Begin {
    void send();
  }

  /** A page whose end takes a while; the template is given a {@code begin} besides. */
  static void sendByParts(Context context, String template, Map<String, Object> parameters)
      throws IOException {
    guard(context);
    context.contentType("text/html; charset=utf-8");
    HttpServletResponse response = context.res();
    try (Writer out =
        new BufferedWriter(
            new OutputStreamWriter(response.getOutputStream(), StandardCharsets.UTF_8))) {
      Begin begin =
          () -> {
            try {
              out.flush();
              response.flushBuffer();
            } catch (IOException e) {
              throw new UncheckedIOException("sending a page", e);
            }
          };
      Map<String, Object> all = new HashMap<>(parameters);
      all.put("begin", begin);
      TEMPLATES.render(template + ".jte", all, new WriterOutput(out));
    }
  }

  /** What the browser is told of every answer. */
  static void guard(Context context) {
    context
        .header("Content-Security-Policy", POLICY)
        .header("X-Frame-Options", "DENY")
        .header("X-Content-Type-Options", "nosniff")
        .header("Referrer-Policy", "same-origin")
        .header("Cross-Origin-Opener-Policy", "same-origin")
        .header("Cross-Origin-Resource-Policy", "same-origin")
        .header("Cache-Control", "no-store");
  }
}
