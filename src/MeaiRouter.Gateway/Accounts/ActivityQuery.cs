using System.Globalization;
using MeaiRouter.Catalog;
using MeaiRouter.Costs.Reports;
using MeaiRouter.Gateway.Authentication;
using MeaiRouter.Gateway.Errors;
using Microsoft.AspNetCore.Http;

namespace MeaiRouter.Gateway.Accounts;

/// <summary>Reads what <c>/activity</c> is asked. A key is told about its own requests only.</summary>
internal static class ActivityQuery
{
    // OpenRouter: the last 30 UTC days.
    private const int Days = 30;
    private const UsageDimensions Default = UsageDimensions.Day | UsageDimensions.Model | UsageDimensions.Provider | UsageDimensions.Endpoint;

    private static readonly string[] Known = ["date", "from", "to", "group_by", "model", "provider", "endpoint", "key", "user", "tag", "api_key_hash", "format"];
    private static readonly string[] Dimensions = ["day", "hour", "model", "provider", "endpoint", "key", "user", "tag"];

    public static UsageQuery Read(IQueryCollection query, Caller caller, GatewayKeys keys, DateTimeOffset now)
    {
        foreach (var name in query.Keys)
        {
            if (!Known.Contains(name))
                throw GatewayException.Invalid($"'{name}' is not a parameter of activity.{NearestNames.Hint(name, Known)}");
        }

        var today = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero);
        var date = Moment(query, "date");
        return new UsageQuery
        {
            From = date ?? Moment(query, "from") ?? today.AddDays(1 - Days),
            To = date?.AddDays(1) ?? Moment(query, "to"),
            GroupBy = GroupBy(query),
            Model = Text(query, "model"),
            Provider = Text(query, "provider"),
            Endpoint = Text(query, "endpoint"),
            Key = caller.Key?.Name ?? KeyOf(query, keys),
            User = Text(query, "user"),
            Tag = Text(query, "tag"),
        };
    }

    private static string? KeyOf(IQueryCollection query, GatewayKeys keys) => Text(query, "api_key_hash") is { } hash
        ? keys.Table.Find(hash)?.Name ?? throw GatewayException.NotFound($"There is no key with the hash '{hash}'.")
        : Text(query, "key");

    private static UsageDimensions GroupBy(IQueryCollection query)
    {
        if (Text(query, "group_by") is not { } text)
            return Default;

        var by = UsageDimensions.None;
        foreach (var word in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            by |= Dimensions.Contains(word)
                ? Enum.Parse<UsageDimensions>(word, ignoreCase: true)
                : throw GatewayException.Invalid($"'group_by' holds '{word}', which is no dimension. Use {string.Join(", ", Dimensions)}, separated by commas.");
        }

        return by;
    }

    private static DateTimeOffset? Moment(IQueryCollection query, string name)
    {
        if (Text(query, name) is not { } text)
            return null;

        // A plus sign in a query is a blank, so only UTC is taken.
        var isMoment = DateTimeOffset.TryParseExact(
            text, ["yyyy-MM-dd", "yyyy-MM-dd'T'HH'Z'", "yyyy-MM-dd'T'HH:mm'Z'", "yyyy-MM-dd'T'HH:mm:ss'Z'"], CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var moment);
        if (!isMoment || moment.UtcTicks % TimeSpan.TicksPerHour != 0 || (name == "date" && moment.TimeOfDay != TimeSpan.Zero))
            throw GatewayException.Invalid($"'{name}' is '{text}'; it must be a day such as 2026-03-31{(name == "date" ? "" : ", or a whole hour such as 2026-03-31T08:00Z")}.");
        return moment;
    }

    private static string? Text(IQueryCollection query, string name) => query[name].ToString() is { Length: > 0 } text ? text : null;
}
