using System.Collections;
using System.Diagnostics;
using System.Globalization;

namespace MeaiRouter.OpenTelemetry.Tests;

/// <summary>Spans as text that can be compared as a whole.</summary>
internal static class Telling
{
    // Different each time; that they are there is what can be said.
    private static readonly string[] Volatile =
        ["meairouter.request.id", "gen_ai.response.id", "server.port", "meairouter.time_to_first_content", "meairouter.queue.wait", "meairouter.attempt.backoff"];

    /// <summary>The tags, sorted.</summary>
    public static string[] Told(this Activity span) => [.. span.TagObjects.Select(Tell).Order(StringComparer.Ordinal)];

    /// <summary>Asserts that a span has these tags, perhaps among others.</summary>
    public static void Tells(this Activity span, params string[] tags) => Assert.Empty(tags.Except(span.Told()));

    /// <summary>The events, in order, with their tags.</summary>
    public static string[] Happened(this Activity span) =>
        [.. span.Events.Select(static happened => string.Join(' ', [happened.Name, .. happened.Tags.Select(Tell).Order(StringComparer.Ordinal)]))];

    private static string Tell(KeyValuePair<string, object?> tag) => Volatile.Contains(tag.Key) ? tag.Key : $"{tag.Key}={Text(tag.Value)}";

    private static string Text(object? value) => value is IEnumerable list and not string
        ? string.Join(',', list.Cast<object>())
        : Convert.ToString(value, CultureInfo.InvariantCulture)!;
}
