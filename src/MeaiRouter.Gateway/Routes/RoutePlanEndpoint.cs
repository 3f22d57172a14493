using System.Text.Json;
using MeaiRouter.Catalog;
using MeaiRouter.Gateway.Authentication;
using MeaiRouter.Gateway.Errors;
using MeaiRouter.Gateway.Requests;
using MeaiRouter.OpenAI.Wire;
using MeaiRouter.Routing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Gateway.Routes;

/// <summary><c>POST /route</c>: where a chat completion would go, and why not elsewhere, without calling anybody.</summary>
internal sealed class RoutePlanEndpoint(IChatClient pipeline, RoutedRequests requests)
{
    public async Task HandleAsync(HttpContext http, GatewayKey? key)
    {
        if (pipeline.GetService<RouterChatClient>() is not { } router)
            throw GatewayException.NotFound("A layer in front of the router hides it, so it cannot be asked for its plan.");

        var request = await requests.ReadAsync(http, key);
        var plan = router.Explain(request.Messages, request.Options);

        http.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(http.Response.BodyWriter, new JsonWriterOptions { Encoder = WireJson.Strict.Options.Encoder });
        Write(json, plan);
        await json.FlushAsync(http.RequestAborted);
    }

    /// <summary>Writes a plan as an object.</summary>
    public static void Write(Utf8JsonWriter json, RoutePlan plan)
    {
        json.WriteStartObject();
        json.WriteString("requested", plan.RequestedModel);
        json.WriteString("strategy", plan.Strategy);

        // As a string: JavaScript's numbers hold 53 bits.
        json.WriteString("seed", $"{plan.Seed}");

        json.WriteStartArray("candidates");
        foreach (var candidate in plan.Candidates)
        {
            json.WriteStartObject();
            WriteName(json, candidate.Model.Id, candidate.Endpoint);
            if (candidate.Key is { } key)
                json.WriteString("key", key.Name);
            EndpointJson.WritePrice(json, candidate.Endpoint);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("excluded");
        foreach (var excluded in plan.Excluded)
        {
            json.WriteStartObject();
            WriteName(json, excluded.Model.Id, excluded.Endpoint);
            json.WriteString("filter", excluded.Filter);
            json.WriteString("reason", excluded.Reason);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("notes");
        foreach (var note in plan.Notes)
            json.WriteStringValue(note);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteName(Utf8JsonWriter json, string model, ModelEndpoint endpoint)
    {
        json.WriteString("model", model);
        EndpointJson.WriteNames(json, endpoint);
    }
}
