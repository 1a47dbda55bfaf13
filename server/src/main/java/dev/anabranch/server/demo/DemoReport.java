package dev.anabranch.server.demo;

import dev.anabranch.server.http.ApiJson.CountsView;
import dev.anabranch.server.http.ApiJson.PromotionView;
import java.util.Map;
import java.util.Optional;

/**
 * The story as data.
 *
 * @param answers how many she got, those to what she wrote among them
 * @param counts the verdicts
 * @param falseHolds verdicts {@code holds} that brute force found wrong
 * @param bruteForce the whole comparison
 * @param changes how many commits main took meanwhile
 * @param promotion how folding back ended
 * @param decided how it ended when one fact was decided, if there was one to decide
 * @param undone how taking that back ended
 * @param seconds by part
 */
record DemoReport(
    int answers,
    CountsView counts,
    int falseHolds,
    BruteForce bruteForce,
    int changes,
    PromotionView promotion,
    Optional<PromotionView> decided,
    Optional<PromotionView> undone,
    Map<String, Double> seconds) {}
