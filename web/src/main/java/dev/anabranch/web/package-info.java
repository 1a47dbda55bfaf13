/**
 * The pages: HTML between a browser and the HTTP API. They know HTTP and JSON, and nothing else of
 * the product.
 */
@org.jspecify.annotations.NullMarked
package dev.anabranch.web;
