using System.Text.Json;
using MeaiRouter.Catalog;
using MeaiRouter.Gateway.Authentication;
using MeaiRouter.Gateway.Errors;
using Microsoft.AspNetCore.Http;

namespace MeaiRouter.Gateway.Models;

/// <summary><c>GET /models/{id}/endpoints</c> and <c>/endpoints/zdr</c>: who serves a model, how well, and who keeps nothing.</summary>
internal sealed class EndpointsEndpoint(Listing listing)
{
    public Task HandleAsync(HttpContext http, string id, GatewayKey? key)
    {
        var found = listing.Find(id, key);

        // OpenRouter: a variant that the catalogue has not is a model without endpoints, as long as there is the model itself.
        var named = found ?? listing.Find(id.Split(':')[0], key) ?? throw GatewayException.NotFound(
            $"'{id}' is not a model of the catalogue.{NearestNames.Hint(id, listing.For(key).Select(static model => model.Model.Id))}");
        return ListingBody.SendAsync(http, json =>
        {
            json.WriteStartObject();
            json.WriteStartObject("data");
            json.WriteString("id", found is null ? id : named.Model.Id);
            json.WriteString("name", named.Model.Name);
            json.WriteNumber("created", named.Model.Created?.ToUnixTimeSeconds() ?? 0);
            json.WriteString("description", "");
            ModelJson.WriteArchitecture(json, named.Model, isWhole: true);
            json.WriteStartArray("endpoints");
            foreach (var endpoint in found?.Endpoints ?? [])
                Write(json, named.Model, endpoint);
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndObject();
        });
    }

    public Task ListZeroRetentionAsync(HttpContext http, Caller caller)
    {
        var models = listing.For(caller.Key);
        return ListingBody.SendAsync(http, json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("data");
            foreach (var model in models)
            {
                foreach (var endpoint in model.Endpoints.Where(EndpointJson.KeepsNothing))
                    Write(json, model.Model, endpoint);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    private void Write(Utf8JsonWriter json, Model model, ModelEndpoint endpoint) => EndpointJson.Write(json, model, endpoint, listing.HealthOf(model, endpoint));
}
