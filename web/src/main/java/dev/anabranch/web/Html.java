package dev.anabranch.web;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import io.javalin.http.Context;
import java.util.Map;

/** Templates become pages; all that they are given is escaped for where it stands. */
final class Html {

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
