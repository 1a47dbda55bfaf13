package dev.anabranch.server.access;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import java.util.Optional;

/**
 * Who is let in: with a token that is kept, with the one in the settings, with that of the server's
 * own user; or everybody.
 *
 * @param tokens those that are kept
 * @param local the one of the server's own user
 * @param set the one in the settings, which an admin has
 * @param open whether nobody needs one
 */
public record Access(Tokens tokens, LocalToken local, Optional<String> set, boolean open) {

  private static final String SCHEME = "Bearer ";

  /**
   * Who asks.
   *
   * @param authorisation the header of that name, if there is one
   * @throws AnabranchException UNAUTHORISED, TOKEN_REFUSED
   */
  public Holder holder(Optional<String> authorisation) {
    if (open) {
      return Holder.admin();
    }
    String text =
        authorisation
            .filter(header -> header.regionMatches(true, 0, SCHEME, 0, SCHEME.length()))
            .map(header -> header.substring(SCHEME.length()).strip())
            .orElseThrow(() -> new AnabranchException(ErrorCode.UNAUTHORISED));
    return local.is(text) || set.filter(own -> same(own, text)).isPresent()
        ? Holder.admin()
        : tokens.holder(text);
  }

  /** As long whichever of its letters differ. */
  static boolean same(String own, String given) {
    return TokenText.same(TokenText.hash(own), TokenText.hash(given));
  }

  @Override
  public String toString() {
    return open ? "open to everybody" : "for who has a token";
  }
}
