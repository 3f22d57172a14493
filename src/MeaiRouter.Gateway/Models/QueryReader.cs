using System.Globalization;
using MeaiRouter.Gateway.Errors;
using Microsoft.AspNetCore.Http;

namespace MeaiRouter.Gateway.Models;

/// <summary>Reads the parameters of a query. One that is empty counts as absent; one that cannot be read is refused by name.</summary>
internal readonly struct QueryReader(IQueryCollection query)
{
    public string? Text(string name) => query[name].ToString() is { Length: > 0 } text && !string.IsNullOrWhiteSpace(text) ? text.Trim() : null;

    /// <summary>Words separated by commas; empty if there are none.</summary>
    public string[] Words(string name) => Text(name)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];

    public bool? Flag(string name) => Text(name) switch
    {
        null => null,
        var text when bool.TryParse(text, out var flag) => flag,
        var text => throw Wrong(name, text, "true or false"),
    };

    public int? Count(string name, int minimum, int maximum = int.MaxValue) => Text(name) switch
    {
        null => null,
        var text when int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= minimum && number <= maximum => number,
        var text => throw Wrong(name, text, maximum == int.MaxValue ? $"a whole number of at least {minimum}" : $"a whole number from {minimum} to {maximum}"),
    };

    public decimal? Number(string name) => Text(name) switch
    {
        null => null,
        var text when decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => number,
        var text => throw Wrong(name, text, "a number"),
    };

    public static GatewayException Wrong(string name, string text, string expected) => GatewayException.Invalid($"'{name}' is '{text}'; it must be {expected}.");
}
