using System.Globalization;
using System.Text.Json;
using MeaiRouter.Catalog;
using MeaiRouter.Gateway.Errors;
using MeaiRouter.Policies;
using MeaiRouter.Routing;

namespace MeaiRouter.Gateway.Requests;

/// <summary>Reads OpenRouter's <c>provider</c> object to the letter: what it does not know it refuses by name.</summary>
internal static class ProviderObject
{
    private static readonly string[] Fields =
    [
        "order", "only", "ignore", "allow_fallbacks", "require_parameters", "data_collection", "zdr", "enforce_distillable_text",
        "quantizations", "sort", "preferred_min_throughput", "preferred_max_latency", "max_price",
    ];

    // OpenRouter's list; Quantizations in a catalogue may hold others, but a request for them can only be a mistake.
    private static readonly string[] Quantizations =
        ["int4", "int8", "fp4", "mxfp4", "nvfp4", "fp6", "fp8", "mxfp8", "fp16", "bf16", "fp32", "unknown"];

    private static readonly string[] SortWords = ["price", "throughput", "latency", "exacto"];

    /// <summary>Reads the object.</summary>
    /// <param name="provider">The value of the field.</param>
    /// <param name="path">Where it stands, for errors.</param>
    public static RoutingPreferences Read(JsonElement provider, string path = "provider")
    {
        if (provider.ValueKind != JsonValueKind.Object)
            throw Wrong(path, provider, "an object");

        var preferences = RoutingPreferences.None;
        foreach (var field in provider.EnumerateObject())
        {
            if (field.Value.ValueKind != JsonValueKind.Null)
                preferences = Apply(preferences, field.Name, $"{path}.{field.Name}", field.Value);
        }

        return preferences;
    }

    private static RoutingPreferences Apply(RoutingPreferences preferences, string name, string path, JsonElement value) => name switch
    {
        "order" => preferences with { Order = Strings(path, value) },
        "only" => preferences with { Only = Strings(path, value) },
        "ignore" => preferences with { Ignore = Strings(path, value) },
        "allow_fallbacks" => preferences with { AllowFallbacks = Boolean(path, value) },
        "require_parameters" => preferences with { RequireParameters = Boolean(path, value) },
        "data_collection" => preferences with { DataCollection = Collection(path, value) },
        "zdr" => preferences with { ZeroDataRetention = Boolean(path, value) },
        "enforce_distillable_text" => preferences with { EnforceDistillableText = Boolean(path, value) },
        "quantizations" => preferences with { Quantizations = [.. Strings(path, value).Select(word => Known(path, word, Quantizations))] },
        "sort" => WithSort(preferences, path, value),
        "preferred_min_throughput" => preferences with { PreferredMinThroughput = Cutoffs(path, value) },
        "preferred_max_latency" => preferences with { PreferredMaxLatency = Cutoffs(path, value) },
        "max_price" => preferences with { MaxPrice = Ceiling(path, value) },
        _ => throw GatewayException.Invalid($"'{path}' is not a field of '{path[..^(name.Length + 1)]}'.{NearestNames.Hint(name, Fields)}"),
    };

    // Beyond OpenRouter's four words, any strategy of ours by its name.
    private static RoutingPreferences WithSort(RoutingPreferences preferences, string path, JsonElement value)
    {
        var named = value.ValueKind == JsonValueKind.Object && value.TryGetProperty("by", out var by) && !value.TryGetProperty("partition", out _) ? by : value;
        return named.ValueKind == JsonValueKind.String && !SortWords.Contains(named.GetString()!) && RoutingStrategies.Find(named.GetString()!) is { } strategy
            ? preferences with { Strategy = strategy.Name }
            : preferences with { Sort = Sort(path, value) };
    }

    private static SortPreference Sort(string path, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.String)
            return new SortPreference(By(path, value));
        if (value.ValueKind != JsonValueKind.Object)
            throw Wrong(path, value, "a string or an object");

        EndpointSort? by = null;
        var partition = SortPartition.Model;
        foreach (var field in value.EnumerateObject())
        {
            if (field.NameEquals("by"))
                by = By($"{path}.by", field.Value);
            else if (field.NameEquals("partition"))
                partition = Word($"{path}.partition", field.Value, ("model", SortPartition.Model), ("none", SortPartition.None));
            else
                throw GatewayException.Invalid($"'{path}.{field.Name}' is not a field of '{path}'. It has 'by' and 'partition'.");
        }

        return new SortPreference(by ?? throw GatewayException.Invalid($"'{path}.by' is missing."), partition);
    }

    private static EndpointSort By(string path, JsonElement value) => Word(
        path, value, ("price", EndpointSort.Price), ("throughput", EndpointSort.Throughput), ("latency", EndpointSort.Latency), ("exacto", EndpointSort.Exacto));

    private static PercentileCutoffs Cutoffs(string path, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Number)
            return new PercentileCutoffs { P50 = Number(path, value) };
        if (value.ValueKind != JsonValueKind.Object)
            throw Wrong(path, value, "a number or an object of percentiles");

        var cutoffs = new PercentileCutoffs();
        foreach (var field in value.EnumerateObject())
        {
            var number = Number($"{path}.{field.Name}", field.Value);
            cutoffs = field.Name switch
            {
                "p50" => cutoffs with { P50 = number },
                "p75" => cutoffs with { P75 = number },
                "p90" => cutoffs with { P90 = number },
                "p99" => cutoffs with { P99 = number },
                _ => throw GatewayException.Invalid($"'{path}.{field.Name}' is not a percentile. Use p50, p75, p90 or p99."),
            };
        }

        return cutoffs;
    }

    internal static PriceCeiling Ceiling(string path, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object)
            throw Wrong(path, value, "an object of prices");

        var ceiling = new PriceCeiling();
        foreach (var field in value.EnumerateObject())
        {
            var dollars = Dollars($"{path}.{field.Name}", field.Value);
            ceiling = field.Name switch
            {
                "prompt" => ceiling with { Prompt = dollars },
                "completion" => ceiling with { Completion = dollars },
                "request" => ceiling with { Request = dollars },
                "image" => ceiling with { Image = dollars },
                "audio" => ceiling with { Audio = dollars },
                _ => throw GatewayException.Invalid($"'{path}.{field.Name}' is not a price. Use prompt, completion, request, image or audio."),
            };
        }

        return ceiling;
    }

    internal static string[] Strings(string path, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Array)
            throw Wrong(path, value, "an array of strings");

        var strings = new string[value.GetArrayLength()];
        for (var i = 0; i < strings.Length; i++)
        {
            strings[i] = value[i].ValueKind == JsonValueKind.String && value[i].GetString() is { Length: > 0 } text
                ? text
                : throw Wrong($"{path}[{i}]", value[i], "a string that is not empty");
        }

        return strings;
    }

    internal static DataCollection Collection(string path, JsonElement value) =>
        Word(path, value, ("allow", DataCollection.Allow), ("deny", DataCollection.Deny));

    internal static bool Boolean(string path, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Wrong(path, value, "true or false"),
    };

    private static double Number(string path, JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && double.IsFinite(number) && number >= 0
            ? number
            : throw Wrong(path, value, "a number of at least 0");

    // As a number or, like every price of OpenRouter's, as a string.
    private static decimal Dollars(string path, JsonElement value)
    {
        var isDecimal = value.ValueKind == JsonValueKind.String
            ? decimal.TryParse(value.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var dollars)
            : TryGetDecimal(value, out dollars);
        return isDecimal && dollars >= 0 ? dollars : throw Wrong(path, value, "an amount of US dollars of at least 0");
    }

    private static bool TryGetDecimal(JsonElement value, out decimal number)
    {
        number = 0;
        return value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out number);
    }

    private static T Word<T>(string path, JsonElement value, params ReadOnlySpan<(string Word, T Meaning)> known)
    {
        foreach (var (word, meaning) in known)
        {
            if (value.ValueKind == JsonValueKind.String && value.ValueEquals(word))
                return meaning;
        }

        var words = new List<string>();
        foreach (var (word, _) in known)
            words.Add($"'{word}'");
        throw Wrong(path, value, string.Join(" or ", words));
    }

    private static string Known(string path, string word, string[] known) => known.Contains(word)
        ? word
        : throw GatewayException.Invalid($"'{path}' holds '{word}', which is not known.{NearestNames.Hint(word, known)}");

    internal static GatewayException Wrong(string path, JsonElement value, string expected) =>
        GatewayException.InvalidField(path, $"'{path}' is {(value.ValueKind == JsonValueKind.String ? $"'{value.GetString()}'" : JsonKind.Of(value))}; it must be {expected}.");
}
