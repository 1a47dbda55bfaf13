package dev.anabranch.server.http;

import dev.anabranch.base.ErrorCode;
import dev.anabranch.server.http.ApiJson.ProblemView;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Answers requests that no route gets to see, such as one with {@code %00} in its path or with more
 * headers than are read: a problem (RFC 9457) like every other, or a page for who asks for one, and
 * not that of the HTTP server's own.
 */
final class UnreadableRequests extends ErrorHandler {

  static final String PROBLEM_TYPE = "application/problem+json";

  private static final String HTML = "text/html";

  /** Nothing of the request is in it. */
  private static final String PAGE =
      """
      <!doctype html>
      <html lang="en">
      <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Not done · Anabranch</title>
        <link rel="stylesheet" href="/assets/page.css">
      </head>
      <body>
        <main>
          <h1>Not done</h1>
          <p class="notice bad" role="alert">The request can't be read, so nothing was done: its address or its headers are none that a page has.</p>
          <p><a href="/">All branches</a></p>
        </main>
      </body>
      </html>
      """;

  @Override
  protected void generateResponse(
      Request request,
      Response response,
      int code,
      @Nullable String message,
      @Nullable Throwable cause,
      Callback callback) {
    // Of some nothing but the address was read.
    boolean isForPeople =
        Optional.ofNullable(request.getHeaders().get(HttpHeader.ACCEPT)).orElse(HTML).contains(HTML)
            && !Optional.ofNullable(request.getHttpURI().getPath()).orElse("").startsWith("/api/");
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, isForPeople ? HTML : PROBLEM_TYPE);
    if (isForPeople) {
      response
          .getHeaders()
          .put("Content-Security-Policy", "default-src 'none'; style-src 'self'; base-uri 'none'")
          .put("X-Content-Type-Options", "nosniff");
    }
    Content.Sink.write(response, true, isForPeople ? PAGE : problem(code, message), callback);
  }

  private static String problem(int status, @Nullable String reason) {
    return ApiJson.json(
        new ProblemView(
            "about:blank",
            HttpStatus.getMessage(status),
            status,
            "The request can't be read"
                + (reason == null || reason.isEmpty() ? "" : " (" + reason + ")")
                + ": see /api/v1/openapi.json for what there is to ask.",
            "AB-" + ErrorCode.REQUEST_INVALID.number()));
  }
}
