package dev.anabranch.web;

/**
 * What stands around every page.
 *
 * @param title of the page
 * @param section which link of the navigation it is; may be none of them
 * @param signedIn whether they came with a token
 * @param here where they are, to come back to
 */
public record Shell(String title, String section, boolean signedIn, String here) {

  static Shell of(Visit visit, String title, String section) {
    return new Shell(title, section, visit.api().token().isPresent(), visit.here());
  }
}
