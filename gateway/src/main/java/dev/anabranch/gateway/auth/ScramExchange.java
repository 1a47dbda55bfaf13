package dev.anabranch.gateway.auth;

import com.ongres.scram.common.ScramFunctions;
import com.ongres.scram.common.ServerFirstMessage;
import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The server's side of one SCRAM-SHA-256 login (RFC 5802, RFC 7677), without channel binding:
 *
 * <pre>
 * client   n,,n=,r=NONCE
 * server   r=NONCE+OURS,s=SALT,i=4096
 * client   c=biws,r=NONCE+OURS,p=PROOF
 * server   v=SIGNATURE
 * </pre>
 */
public final class ScramExchange {

  public static final String MECHANISM_NAME = "SCRAM-SHA-256";

  private static final int NONCE_BYTES = 18;

  /** Both sides sign what follows the header as it was sent. */
  private static final Pattern FIRST =
      Pattern.compile(
          "(?<header>[ny],(?:a=[^,]*)?,)(?<bare>n=[^,]*,r=(?<nonce>[\\x21-\\x2b\\x2d-\\x7e]+)(?:,.*)?)");

  private final String user;
  private final ScramVerifier verifier;
  private final String header;
  private final String bareFirst;
  private final ServerFirstMessage serverFirst;

  private ScramExchange(
      String user,
      ScramVerifier verifier,
      String header,
      String bareFirst,
      ServerFirstMessage serverFirst) {
    this.user = user;
    this.verifier = verifier;
    this.header = header;
    this.bareFirst = bareFirst;
    this.serverFirst = serverFirst;
  }

  /**
   * Reads the client's first message. The user name in it is ignored, as in Postgres: the start-up
   * packet has it.
   *
   * @throws AnabranchException WIRE_VIOLATION when it is none
   */
  public static ScramExchange begin(
      String user, ScramVerifier verifier, String message, SecureRandom random) {
    Matcher first = FIRST.matcher(message);
    if (!first.matches()) {
      throw new AnabranchException(
          ErrorCode.WIRE_VIOLATION, "that is no first SCRAM message without channel binding");
    }
    ServerFirstMessage serverFirst =
        new ServerFirstMessage(
            first.group("nonce"),
            ScramFunctions.nonce(NONCE_BYTES, random),
            verifier.salt(),
            verifier.iterations());
    return new ScramExchange(
        user, verifier, first.group("header"), first.group("bare"), serverFirst);
  }

  /** What to say after the client's first message. */
  public String challenge() {
    return serverFirst.toString();
  }

  /**
   * Checks the client's proof.
   *
   * @return what to say when the client is let in
   * @throws AnabranchException LOGIN_FAILED when the proof is wrong, WIRE_VIOLATION when there is
   *     none
   */
  public String finish(String message) {
    int proofAt = message.lastIndexOf(",p=");
    if (proofAt < 0) {
      throw new AnabranchException(ErrorCode.WIRE_VIOLATION, "that is no final SCRAM message");
    }
    String withoutProof = message.substring(0, proofAt);
    String binding = Base64.getEncoder().encodeToString(header.getBytes(StandardCharsets.UTF_8));
    if (!withoutProof.equals("c=" + binding + ",r=" + serverFirst.getNonce())) {
      throw new AnabranchException(ErrorCode.LOGIN_FAILED, user);
    }
    byte[] proof = decoded(message.substring(proofAt + 3));
    String authMessage = bareFirst + "," + serverFirst + "," + withoutProof;
    if (!verifier.proves(proof, authMessage)) {
      throw new AnabranchException(ErrorCode.LOGIN_FAILED, user);
    }
    return "v=" + Base64.getEncoder().encodeToString(verifier.signature(authMessage));
  }

  private static byte[] decoded(String base64) {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw new AnabranchException(ErrorCode.WIRE_VIOLATION, e, "a SCRAM proof that is not Base64");
    }
  }
}
