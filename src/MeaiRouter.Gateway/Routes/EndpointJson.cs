using System.Text.Json;
using MeaiRouter.Catalog;

namespace MeaiRouter.Gateway.Routes;

/// <summary>Writes what plans and checks say of an endpoint, as members of an object that is open.</summary>
internal static class EndpointJson
{
    public static void WriteNames(Utf8JsonWriter json, ModelEndpoint endpoint)
    {
        json.WriteString("provider", endpoint.Provider);
        json.WriteString("endpoint", endpoint.Tag);
        json.WriteString("provider_model", endpoint.Model);
    }

    /// <summary>Writes the price; nothing for an endpoint without one.</summary>
    public static void WritePrice(Utf8JsonWriter json, ModelEndpoint endpoint)
    {
        if (endpoint.Price is not { } price)
            return;

        json.WriteStartObject("price_per_million");
        json.WriteNumber("prompt", price.Prompt);
        json.WriteNumber("completion", price.Completion);
        json.WriteEndObject();
    }
}
