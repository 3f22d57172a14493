using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;
using MeaiRouter.Costs;
using MeaiRouter.Pricing;

namespace MeaiRouter.EntityFrameworkCore.Journal;

/// <summary>Writes records as <see cref="RecordJson"/> says.</summary>
internal static class RecordWriter
{
    // Of a time span: -10675199.02:48:05.4775808.
    private const int LongestTimeSpan = 26;

    public static void Write(Utf8JsonWriter json, GenerationRecord record)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, record.Id);
        Moment(json, "createdAt"u8, record.CreatedAt);
        Text(json, "requestedModel"u8, record.RequestedModel);
        Text(json, "key"u8, record.Key);
        Text(json, "user"u8, record.User);
        json.WriteStartArray("tags"u8);
        for (var i = 0; i < record.Tags.Count; i++)
            json.WriteStringValue(record.Tags[i]);
        json.WriteEndArray();
        Text(json, "sessionId"u8, record.SessionId);
        if (record.TraceLabels is { } labels)
            Write(json, "traceLabels"u8, labels);
        Text(json, "servedModel"u8, record.ServedModel);
        Flag(json, "isStreamed"u8, record.IsStreamed);
        Text(json, "finishReason"u8, record.FinishReason);
        Text(json, "nativeFinishReason"u8, record.NativeFinishReason);
        Flag(json, "isCacheHit"u8, record.IsCacheHit);
        json.WriteStartArray("attempts"u8);
        for (var i = 0; i < record.Attempts.Count; i++)
            Write(json, record.Attempts[i]);
        json.WriteEndArray();
        Money(json, "cost"u8, record.Cost);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, AttemptRecord attempt)
    {
        json.WriteStartObject();
        json.WriteString("provider"u8, attempt.Provider);
        Text(json, "model"u8, attempt.Model);
        Text(json, "endpoint"u8, attempt.Endpoint);
        Moment(json, "startedAt"u8, attempt.StartedAt);
        if (attempt.Duration != TimeSpan.Zero)
            Duration(json, "duration"u8, attempt.Duration);
        if (attempt.TimeToFirstContent is { } first)
            Duration(json, "timeToFirstContent"u8, first);
        if (attempt.Outcome != default)
            Name(json, "outcome"u8, attempt.Outcome);
        if (attempt.FailureKind is { } kind)
            Name(json, "failureKind"u8, kind);
        if (attempt.Status is { } status)
            json.WriteNumber("status"u8, status);
        if (attempt.Usage != default)
            Write(json, "usage"u8, attempt.Usage);
        Money(json, "cost"u8, attempt.Cost);
        Money(json, "upstreamCost"u8, attempt.UpstreamCost);
        Flag(json, "isWaived"u8, attempt.IsWaived);
        if (attempt.ReportedCost is { } reported)
            Write(json, "reportedCost"u8, reported);
        Flag(json, "hasCostDrift"u8, attempt.HasCostDrift);
        Text(json, "priceVersion"u8, attempt.PriceVersion);
        Text(json, "priceOverrides"u8, attempt.PriceOverrides);
        Text(json, "serviceTier"u8, attempt.ServiceTier);
        Text(json, "keyName"u8, attempt.KeyName);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ReadOnlySpan<byte> name, in TokenUsage usage)
    {
        json.WriteStartObject(name);
        Count(json, "input"u8, usage.Input);
        Count(json, "cacheRead"u8, usage.CacheRead);
        Count(json, "cacheWrite"u8, usage.CacheWrite);
        Count(json, "cacheWrite1h"u8, usage.CacheWrite1h);
        Count(json, "audioInput"u8, usage.AudioInput);
        Count(json, "imageInput"u8, usage.ImageInput);
        Count(json, "videoInput"u8, usage.VideoInput);
        Count(json, "output"u8, usage.Output);
        Count(json, "reasoning"u8, usage.Reasoning);
        Count(json, "audioOutput"u8, usage.AudioOutput);
        Count(json, "imageOutput"u8, usage.ImageOutput);
        Count(json, "requests"u8, usage.Requests);
        Count(json, "images"u8, usage.Images);
        Count(json, "webSearches"u8, usage.WebSearches);
        Count(json, "toolUnits"u8, usage.ToolUnits);
        Flag(json, "isEstimated"u8, usage.IsEstimated);
        if (usage.Discrepancies != default)
            json.WriteString("discrepancies"u8, usage.Discrepancies.ToString());
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ReadOnlySpan<byte> name, ReportedCost reported)
    {
        json.WriteStartObject(name);
        Count(json, "charged"u8, reported.Charged.Value);
        Money(json, "upstream"u8, reported.Upstream);
        Flag(json, "isByok"u8, reported.IsByok);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ReadOnlySpan<byte> name, IReadOnlyDictionary<string, string> labels)
    {
        json.WriteStartObject(name);
        foreach (var (label, value) in labels)
            json.WriteString(label, value);
        json.WriteEndObject();
    }

    private static void Text(Utf8JsonWriter json, ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null)
            json.WriteString(name, value);
    }

    private static void Flag(Utf8JsonWriter json, ReadOnlySpan<byte> name, bool value)
    {
        if (value)
            json.WriteBoolean(name, value);
    }

    private static void Count(Utf8JsonWriter json, ReadOnlySpan<byte> name, long value)
    {
        if (value != 0)
            json.WriteNumber(name, value);
    }

    private static void Money(Utf8JsonWriter json, ReadOnlySpan<byte> name, NanoUsd? value)
    {
        if (value is { } amount)
            json.WriteNumber(name, amount.Value);
    }

    private static void Moment(Utf8JsonWriter json, ReadOnlySpan<byte> name, DateTimeOffset value)
    {
        if (value != default)
            json.WriteString(name, value);
    }

    private static void Duration(Utf8JsonWriter json, ReadOnlySpan<byte> name, TimeSpan value)
    {
        Span<byte> text = stackalloc byte[LongestTimeSpan];
        Utf8Formatter.TryFormat(value, text, out var length, 'c');
        json.WriteString(name, text[..length]);
    }

    // As a number where a newer version's value has no name here.
    private static void Name<TEnum>(Utf8JsonWriter json, ReadOnlySpan<byte> name, TEnum value)
        where TEnum : struct, Enum
    {
        if (Enum.GetName(value) is { } text)
            json.WriteString(name, text);
        else
            json.WriteNumber(name, Convert.ToInt32(value, CultureInfo.InvariantCulture));
    }
}
