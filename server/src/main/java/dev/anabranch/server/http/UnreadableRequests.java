package dev.anabranch.server.http;

import dev.anabranch.base.ErrorCode;
import dev.anabranch.server.http.ApiJson.ProblemView;
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
 * headers than are read: a problem (RFC 9457) like every other, and not the page of the HTTP
 * server's own.
 */
final class UnreadableRequests extends ErrorHandler {

  static final String PROBLEM_TYPE = "application/problem+json";

  @Override
  protected void generateResponse(
      Request request,
      Response response,
      int code,
      @Nullable String message,
      @Nullable Throwable cause,
      Callback callback) {
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, PROBLEM_TYPE);
    Content.Sink.write(response, true, problem(code, message), callback);
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
