package dev.anabranch.gateway.auth;

import com.ongres.scram.common.ScramFunctions;
import com.ongres.scram.common.ServerFirstMessage;
import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The server's side of one SCRAM-SHA-256 login (RFC 5802, RFC 7677):
 *
 * <pre>
 * client   n,,n=,r=NONCE
 * server   r=NONCE+OURS,s=SALT,i=4096
 * client   c=biws,r=NONCE+OURS,p=PROOF
 * server   v=SIGNATURE
 * </pre>
 *
 * <p>With channel binding (SCRAM-SHA-256-PLUS) the first message begins with {@code
 * p=tls-server-end-point}, and {@code c} holds that and the digest of the certificate that the
 * client saw: who sits between the two with another certificate can't pass it on.
 */
public final class ScramExchange {

  private static final String MECHANISM_NAME = "SCRAM-SHA-256";
  private static final String BOUND_MECHANISM_NAME = "SCRAM-SHA-256-PLUS";
  private static final String BINDING = "p=tls-server-end-point";

  private static final int NONCE_BYTES = 18;

  /** Both sides sign what follows the header as it was sent. */
  private static final Pattern FIRST =
      Pattern.compile(
          "(?<header>(?<binding>[ny]|p=[A-Za-z0-9.-]+),(?:a=[^,]*)?,)"
              + "(?<bare>n=[^,]*,r=(?<nonce>[\\x21-\\x2b\\x2d-\\x7e]+)(?:,.*)?)");

  private final String user;
  private final ScramVerifier verifier;

  /** What the client's last message must begin with. */
  private final byte[] binding;

  private final String bareFirst;
  private final ServerFirstMessage serverFirst;

  private ScramExchange(
      String user,
      ScramVerifier verifier,
      byte[] binding,
      String bareFirst,
      ServerFirstMessage serverFirst) {
    this.user = user;
    this.verifier = verifier;
    this.binding = binding;
    this.bareFirst = bareFirst;
    this.serverFirst = serverFirst;
  }

  /**
   * What to offer, the best first.
   *
   * @param bindingData what the connection can be bound by, if it can
   */
  public static List<String> mechanisms(Optional<byte[]> bindingData) {
    return bindingData.isPresent()
        ? List.of(BOUND_MECHANISM_NAME, MECHANISM_NAME)
        : List.of(MECHANISM_NAME);
  }

  /**
   * Reads the client's first message. The user name in it is ignored, as in Postgres: the start-up
   * packet has it.
   *
   * @param mechanism what the client chose
   * @param bindingData see {@link #mechanisms}
   * @throws AnabranchException WIRE_VIOLATION when it is none, or does not fit what was offered
   */
  public static ScramExchange begin(
      String user,
      ScramVerifier verifier,
      String mechanism,
      Optional<byte[]> bindingData,
      String message,
      SecureRandom random) {
    if (!mechanisms(bindingData).contains(mechanism)) {
      throw new AnabranchException(
          ErrorCode.WIRE_VIOLATION, "login by " + mechanism + " was not offered");
    }
    Matcher first = FIRST.matcher(message);
    if (!first.matches()) {
      throw new AnabranchException(ErrorCode.WIRE_VIOLATION, "that is no first SCRAM message");
    }
    boolean bound = mechanism.equals(BOUND_MECHANISM_NAME);
    boolean fits =
        switch (first.group("binding")) {
          case BINDING -> bound;
          case "n" -> !bound;
          // It could bind and was told that this side can't, which is not what was said here.
          case "y" -> !bound && bindingData.isEmpty();
          default -> false;
        };
    if (!fits) {
      throw new AnabranchException(
          ErrorCode.WIRE_VIOLATION,
          "the login's channel binding is not what was offered with " + mechanism);
    }
    byte[] header = first.group("header").getBytes(StandardCharsets.UTF_8);
    byte[] data = bound ? bindingData.orElseThrow() : new byte[0];
    byte[] binding = Arrays.copyOf(header, header.length + data.length);
    System.arraycopy(data, 0, binding, header.length, data.length);
    ServerFirstMessage serverFirst =
        new ServerFirstMessage(
            first.group("nonce"),
            ScramFunctions.nonce(NONCE_BYTES, random),
            verifier.salt(),
            verifier.iterations());
    return new ScramExchange(user, verifier, binding, first.group("bare"), serverFirst);
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
    String bound = Base64.getEncoder().encodeToString(binding);
    if (!withoutProof.equals("c=" + bound + ",r=" + serverFirst.getNonce())) {
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
