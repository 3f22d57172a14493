using System.ComponentModel;
using Microsoft.Extensions.AI;

namespace Samples.Quickstart;

/// <summary>A tool for the model to call.</summary>
internal static class Weather
{
    public static AIFunction Tool { get; } = AIFunctionFactory.Create(Of, "get_weather");

    [Description("The weather in a city, now.")]
    private static string Of([Description("The city.")] string city) => $"{city}: 4 degrees, snow";
}
