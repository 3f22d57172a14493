using MeaiRouter.Gateway.Authentication;
using Microsoft.AspNetCore.Http;

namespace MeaiRouter.Gateway.Models;

/// <summary><c>GET /providers</c>: those who serve what the caller may use.</summary>
internal sealed class ProvidersEndpoint(Listing listing)
{
    public Task HandleAsync(HttpContext http, Caller caller)
    {
        var endpoints = listing.For(caller.Key).SelectMany(static model => model.Endpoints);
        var providers = endpoints.GroupBy(static endpoint => endpoint.Provider, StringComparer.OrdinalIgnoreCase).OrderBy(static group => group.Key, StringComparer.OrdinalIgnoreCase).ToList();
        return ListingBody.SendAsync(http, json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("data");
            foreach (var provider in providers)
            {
                json.WriteStartObject();
                json.WriteString("name", provider.Key);
                json.WriteString("slug", provider.Key);
                json.WriteNull("privacy_policy_url");
                json.WriteNull("terms_of_service_url");
                json.WriteNull("status_page_url");
                json.WriteNull("headquarters");
                ModelJson.WriteStrings(json, "datacenters", provider.SelectMany(static endpoint => endpoint.Regions).Distinct(StringComparer.OrdinalIgnoreCase).Select(static region => region.ToUpperInvariant()));
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });
    }
}
