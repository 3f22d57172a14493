using System.Buffers.Text;
using System.Text.Json;
using MeaiRouter.Attempts;
using MeaiRouter.Costs;
using MeaiRouter.Pricing;

namespace MeaiRouter.EntityFrameworkCore.Journal;

/// <summary>Reads records as <see cref="RecordJson"/> says. What a newer version wrote besides is passed over.</summary>
internal static class RecordReader
{
    // More than any name here has, of a property or of an enum's value.
    private const int LongestName = 64;

    public static GenerationRecord Read(ref Utf8JsonReader json)
    {
        string? id = null, requestedModel = null, key = null, user = null, session = null, servedModel = null, finishReason = null, nativeFinishReason = null;
        List<string>? tags = null;
        List<AttemptRecord>? attempts = null;
        Dictionary<string, string>? labels = null;
        DateTimeOffset createdAt = default;
        NanoUsd? cost = null;
        var (isStreamed, isCacheHit) = (false, false);

        Span<char> name = stackalloc char[LongestName];
        Begin(ref json, JsonTokenType.StartObject);
        while (Next(ref json, name, out var length))
        {
            switch (name[..length])
            {
                case "id": id = json.GetString(); break;
                case "createdAt": createdAt = json.GetDateTimeOffset(); break;
                case "requestedModel": requestedModel = json.GetString(); break;
                case "key": key = json.GetString(); break;
                case "user": user = json.GetString(); break;
                case "tags": tags = ReadTags(ref json); break;
                case "sessionId": session = json.GetString(); break;
                case "traceLabels": labels = ReadLabels(ref json); break;
                case "servedModel": servedModel = json.GetString(); break;
                case "isStreamed": isStreamed = json.GetBoolean(); break;
                case "finishReason": finishReason = json.GetString(); break;
                case "nativeFinishReason": nativeFinishReason = json.GetString(); break;
                case "isCacheHit": isCacheHit = json.GetBoolean(); break;
                case "attempts": attempts = ReadAttempts(ref json); break;
                case "cost": cost = ReadMoney(ref json); break;
                default: json.Skip(); break;
            }
        }

        return new GenerationRecord
        {
            Id = id ?? throw Missing("id"),
            CreatedAt = createdAt,
            RequestedModel = requestedModel,
            Key = key,
            User = user,
            Tags = tags!,
            SessionId = session,
            TraceLabels = labels,
            ServedModel = servedModel,
            IsStreamed = isStreamed,
            FinishReason = finishReason,
            NativeFinishReason = nativeFinishReason,
            IsCacheHit = isCacheHit,
            Attempts = attempts ?? throw Missing("attempts"),
            Cost = cost,
        };
    }

    private static AttemptRecord ReadAttempt(ref Utf8JsonReader json)
    {
        string? provider = null, model = null, endpoint = null, priceVersion = null, priceOverrides = null, serviceTier = null, keyName = null;
        DateTimeOffset startedAt = default;
        TimeSpan duration = default;
        TimeSpan? firstContent = null;
        AttemptOutcome outcome = default;
        FailureKind? failureKind = null;
        int? status = null;
        TokenUsage usage = default;
        NanoUsd? cost = null, upstreamCost = null;
        ReportedCost? reportedCost = null;
        var (isWaived, hasCostDrift) = (false, false);

        Span<char> name = stackalloc char[LongestName];
        Begin(ref json, JsonTokenType.StartObject);
        while (Next(ref json, name, out var length))
        {
            switch (name[..length])
            {
                case "provider": provider = json.GetString(); break;
                case "model": model = json.GetString(); break;
                case "endpoint": endpoint = json.GetString(); break;
                case "startedAt": startedAt = json.GetDateTimeOffset(); break;
                case "duration": duration = ReadDuration(ref json); break;
                case "timeToFirstContent": firstContent = IsNull(ref json) ? null : ReadDuration(ref json); break;
                case "outcome": outcome = ReadName<AttemptOutcome>(ref json); break;
                case "failureKind": failureKind = IsNull(ref json) ? null : ReadName<FailureKind>(ref json); break;
                case "status": status = IsNull(ref json) ? null : json.GetInt32(); break;
                case "usage": usage = ReadUsage(ref json); break;
                case "cost": cost = ReadMoney(ref json); break;
                case "upstreamCost": upstreamCost = ReadMoney(ref json); break;
                case "isWaived": isWaived = json.GetBoolean(); break;
                case "reportedCost": reportedCost = IsNull(ref json) ? null : ReadReportedCost(ref json); break;
                case "hasCostDrift": hasCostDrift = json.GetBoolean(); break;
                case "priceVersion": priceVersion = json.GetString(); break;
                case "priceOverrides": priceOverrides = json.GetString(); break;
                case "serviceTier": serviceTier = json.GetString(); break;
                case "keyName": keyName = json.GetString(); break;
                default: json.Skip(); break;
            }
        }

        return new AttemptRecord
        {
            Provider = provider ?? throw Missing("provider"),
            Model = model,
            Endpoint = endpoint,
            StartedAt = startedAt,
            Duration = duration,
            TimeToFirstContent = firstContent,
            Outcome = outcome,
            FailureKind = failureKind,
            Status = status,
            Usage = usage,
            Cost = cost,
            UpstreamCost = upstreamCost,
            IsWaived = isWaived,
            ReportedCost = reportedCost,
            HasCostDrift = hasCostDrift,
            PriceVersion = priceVersion,
            PriceOverrides = priceOverrides,
            ServiceTier = serviceTier,
            KeyName = keyName,
        };
    }

    private static TokenUsage ReadUsage(ref Utf8JsonReader json)
    {
        var usage = default(TokenUsage);
        Span<char> name = stackalloc char[LongestName];
        Begin(ref json, JsonTokenType.StartObject);
        while (Next(ref json, name, out var length))
        {
            switch (name[..length])
            {
                case "input": usage = usage with { Input = json.GetInt64() }; break;
                case "cacheRead": usage = usage with { CacheRead = json.GetInt64() }; break;
                case "cacheWrite": usage = usage with { CacheWrite = json.GetInt64() }; break;
                case "cacheWrite1h": usage = usage with { CacheWrite1h = json.GetInt64() }; break;
                case "audioInput": usage = usage with { AudioInput = json.GetInt64() }; break;
                case "imageInput": usage = usage with { ImageInput = json.GetInt64() }; break;
                case "videoInput": usage = usage with { VideoInput = json.GetInt64() }; break;
                case "output": usage = usage with { Output = json.GetInt64() }; break;
                case "reasoning": usage = usage with { Reasoning = json.GetInt64() }; break;
                case "audioOutput": usage = usage with { AudioOutput = json.GetInt64() }; break;
                case "imageOutput": usage = usage with { ImageOutput = json.GetInt64() }; break;
                case "requests": usage = usage with { Requests = json.GetInt64() }; break;
                case "images": usage = usage with { Images = json.GetInt64() }; break;
                case "webSearches": usage = usage with { WebSearches = json.GetInt64() }; break;
                case "toolUnits": usage = usage with { ToolUnits = json.GetInt64() }; break;
                case "isEstimated": usage = usage with { IsEstimated = json.GetBoolean() }; break;
                case "discrepancies": usage = usage with { Discrepancies = ReadName<UsageDiscrepancies>(ref json) }; break;
                default: json.Skip(); break;
            }
        }

        return usage;
    }

    private static ReportedCost ReadReportedCost(ref Utf8JsonReader json)
    {
        var reported = new ReportedCost(NanoUsd.Zero);
        Span<char> name = stackalloc char[LongestName];
        Begin(ref json, JsonTokenType.StartObject);
        while (Next(ref json, name, out var length))
        {
            switch (name[..length])
            {
                case "charged": reported = reported with { Charged = new NanoUsd(json.GetInt64()) }; break;
                case "upstream": reported = reported with { Upstream = ReadMoney(ref json) }; break;
                case "isByok": reported = reported with { IsByok = json.GetBoolean() }; break;
                default: json.Skip(); break;
            }
        }

        return reported;
    }

    private static List<AttemptRecord> ReadAttempts(ref Utf8JsonReader json)
    {
        var attempts = new List<AttemptRecord>(1);
        Begin(ref json, JsonTokenType.StartArray);
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
            attempts.Add(ReadAttempt(ref json));
        return attempts;
    }

    private static List<string>? ReadTags(ref Utf8JsonReader json)
    {
        if (IsNull(ref json))
            return null;

        List<string>? tags = null;
        Begin(ref json, JsonTokenType.StartArray);
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
            (tags ??= []).Add(json.GetString()!);
        return tags;
    }

    private static Dictionary<string, string>? ReadLabels(ref Utf8JsonReader json)
    {
        if (IsNull(ref json))
            return null;

        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        Begin(ref json, JsonTokenType.StartObject);
        while (json.Read() && json.TokenType != JsonTokenType.EndObject)
        {
            var label = json.GetString()!;
            json.Read();
            labels[label] = json.GetString()!;
        }

        return labels;
    }

    private static NanoUsd? ReadMoney(ref Utf8JsonReader json) => IsNull(ref json) ? null : new NanoUsd(json.GetInt64());

    private static TimeSpan ReadDuration(ref Utf8JsonReader json) =>
        Utf8Parser.TryParse(json.ValueSpan, out TimeSpan value, out var length, 'c') && length == json.ValueSpan.Length
            ? value
            : throw new JsonException("A duration is written as hours:minutes:seconds.");

    private static TEnum ReadName<TEnum>(ref Utf8JsonReader json)
        where TEnum : struct, Enum
    {
        if (json.TokenType == JsonTokenType.Number)
            return (TEnum)Enum.ToObject(typeof(TEnum), json.GetInt32());

        Span<char> name = stackalloc char[LongestName];
        return json.ValueSpan.Length <= LongestName && Enum.TryParse<TEnum>(name[..json.CopyString(name)], out var value)
            ? value
            : throw new JsonException($"A {typeof(TEnum).Name} is none that is known here.");
    }

    /// <summary>Steps to the next property and its value.</summary>
    /// <param name="json">Within an object.</param>
    /// <param name="name">Where its name is written.</param>
    /// <param name="length">The length of the name; 0 for one longer than any that is known.</param>
    /// <returns>Whether there is another.</returns>
    private static bool Next(ref Utf8JsonReader json, scoped Span<char> name, out int length)
    {
        json.Read();
        length = json.TokenType == JsonTokenType.PropertyName && json.ValueSpan.Length <= name.Length ? json.CopyString(name) : 0;
        return json.TokenType == JsonTokenType.PropertyName && json.Read();
    }

    private static void Begin(ref Utf8JsonReader json, JsonTokenType token)
    {
        if (json.TokenType != token)
            throw new JsonException($"There is a {json.TokenType} where a {token} should be.");
    }

    private static bool IsNull(ref Utf8JsonReader json) => json.TokenType == JsonTokenType.Null;

    private static JsonException Missing(string property) => new($"A record has no '{property}'.");
}
