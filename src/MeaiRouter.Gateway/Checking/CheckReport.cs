using System.Text;
using System.Text.Json;
using MeaiRouter.Catalog;
using MeaiRouter.Gateway.Routes;
using MeaiRouter.OpenAI.Wire;
using MeaiRouter.Routing;

namespace MeaiRouter.Gateway.Checking;

/// <summary>What a configuration comes to, found without listening, calling a provider or opening a database. It holds no key.</summary>
public sealed class CheckReport
{
    internal CheckReport()
    {
    }

    /// <summary>Everything that is wrong, each with the path of the setting and the remedy. With any of them the gateway would not start.</summary>
    public IReadOnlyList<string> Errors { get; internal init; } = [];

    /// <summary>What is permitted and probably not meant.</summary>
    public IReadOnlyList<string> Warnings { get; internal init; } = [];

    /// <summary>Whether the gateway would start, and the model that was asked for would be answered by somebody.</summary>
    public bool IsUsable => Errors.Count == 0 && PlanFailure is null;

    internal IReadOnlyList<CheckedProvider> Providers { get; init; } = [];

    internal IReadOnlyList<Catalog.Model> Models { get; init; } = [];

    internal IReadOnlyDictionary<string, string> Aliases { get; init; } = new Dictionary<string, string>();

    internal IReadOnlyList<string> Gateway { get; init; } = [];

    internal string? Model { get; init; }

    internal RoutePlan? Plan { get; init; }

    internal string? PlanFailure { get; init; }

    /// <summary>The report as text for people.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.AppendLine(Errors.Count switch
        {
            0 => "The configuration can be used.",
            1 => "The configuration cannot be used: it has an error.",
            _ => $"The configuration cannot be used: it has {Errors.Count} errors.",
        });
        CheckText.Lines(text, "Errors", Errors);
        CheckText.Lines(text, "Warnings", Warnings);
        CheckText.Table(text, "Providers", Providers.Select(static provider => (string[])[provider.Name, provider.Address, provider.Key]));
        CheckText.Models(text, Models);
        CheckText.Table(text, "Aliases", Aliases.Select(static alias => (string[])[alias.Key, $"-> {alias.Value}"]));
        CheckText.Lines(text, "Gateway", Gateway);
        if (Model is not null && Errors.Count == 0)
            CheckText.Plan(text, Model, Plan, PlanFailure);
        return text.ToString();
    }

    /// <summary>The report as JSON: <c>usable</c>, <c>errors</c>, <c>warnings</c>, <c>providers</c>, <c>models</c>, <c>aliases</c> and, as <c>POST /v1/route</c> gives it, <c>plan</c>.</summary>
    public string ToJson()
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, Encoder = WireJson.Strict.Options.Encoder }))
            Write(json);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteBoolean("usable", IsUsable);
        Texts("errors", Errors);
        Texts("warnings", Warnings);
        json.WriteStartArray("providers");
        foreach (var provider in Providers)
        {
            json.WriteStartObject();
            json.WriteString("name", provider.Name);
            json.WriteString("address", provider.Address);
            json.WriteString("key", provider.Key);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("models");
        foreach (var model in Models)
            Write(json, model);
        json.WriteEndArray();
        json.WriteStartObject("aliases");
        foreach (var (alias, target) in Aliases)
            json.WriteString(alias, target);
        json.WriteEndObject();
        Texts("gateway", Gateway);
        if (Plan is not null)
        {
            json.WritePropertyName("plan");
            RoutePlanEndpoint.Write(json, Plan);
        }

        if (PlanFailure is not null)
            json.WriteString("plan_failure", PlanFailure);
        json.WriteEndObject();

        void Texts(string name, IReadOnlyList<string> texts)
        {
            json.WriteStartArray(name);
            foreach (var text in texts)
                json.WriteStringValue(text);
            json.WriteEndArray();
        }
    }

    private static void Write(Utf8JsonWriter json, Model model)
    {
        json.WriteStartObject();
        json.WriteString("id", model.Id);
        json.WriteStartArray("endpoints");
        foreach (var endpoint in model.Endpoints)
        {
            json.WriteStartObject();
            EndpointJson.WriteNames(json, endpoint);
            EndpointJson.WritePrice(json, endpoint);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
