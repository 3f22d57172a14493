using System.Globalization;
using System.Text.Json;
using MeaiRouter.Catalog;
using MeaiRouter.Gateway.Authentication;
using MeaiRouter.Gateway.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace MeaiRouter.Gateway.Models;

/// <summary>
/// <c>GET /models</c>, <c>/models/user</c>, <c>/models/count</c>, <c>/models/{id}</c> and <c>/model/{id}</c>: the part of the catalogue that the caller may use,
/// in OpenRouter's shape, which OpenAI's clients understand too.
/// </summary>
internal sealed class ModelsEndpoint(Listing listing, EndpointsEndpoint endpoints, TimeProvider time)
{
    private const string EndpointsSuffix = "/endpoints";

    private Written _written = new(null, default);

    public Task HandleAsync(HttpContext http, GatewayKey? key)
    {
        var query = new ModelQuery(http.Request.Query, listing, time);
        return query.IsPlain && key?.Policy is null
            ? ListingBody.SendAsync(http, WholeBody())
            : ListingBody.SendAsync(http, json => Write(json, http.Request, query, query.Apply(listing.For(key))));
    }

    /// <summary>OpenRouter's list of models for embeddings.</summary>
    public Task HandleEmbeddingsAsync(HttpContext http, Caller caller) => ListingBody.SendAsync(http, json =>
    {
        var query = new ModelQuery(http.Request.Query, listing, time);
        Write(json, http.Request, query, [.. query.Apply(listing.For(caller.Key)).Where(static model => model.Model.OutputModalities.Contains("embeddings", StringComparer.OrdinalIgnoreCase))]);
    });

    public Task CountAsync(HttpContext http, Caller caller)
    {
        var count = new ModelQuery(http.Request.Query, listing, time).Apply(listing.For(caller.Key)).Count;
        return ListingBody.SendAsync(http, json =>
        {
            json.WriteStartObject();
            json.WriteStartObject("data");
            json.WriteNumber("count", count);
            json.WriteEndObject();
            json.WriteEndObject();
        });
    }

    /// <summary><c>/models/{id}</c>, OpenAI's way to ask for one model, and <c>/models/{id}/endpoints</c>, OpenRouter's way to ask who serves it.</summary>
    public Task ReadOrListEndpointsAsync(HttpContext http, Caller caller)
    {
        var id = Id(http);
        return id.EndsWith(EndpointsSuffix, StringComparison.OrdinalIgnoreCase)
            ? endpoints.HandleAsync(http, id[..^EndpointsSuffix.Length], caller.Key)
            : ListingBody.SendAsync(http, Of(Find(id, caller.Key)));
    }

    /// <summary><c>/model/{id}</c>, OpenRouter's way to ask for one model.</summary>
    public Task ReadAsync(HttpContext http, Caller caller)
    {
        var model = Find(Id(http), caller.Key);
        return ListingBody.SendAsync(http, json =>
        {
            json.WriteStartObject();
            json.WritePropertyName("data");
            ModelJson.Write(json, model);
            json.WriteEndObject();
        });
    }

    private static Action<Utf8JsonWriter> Of(ListedModel model) => json => ModelJson.Write(json, model);

    // OpenAI's clients escape the slash of an id, which routing leaves as it is.
    private static string Id(HttpContext http) => Uri.UnescapeDataString((string)http.Request.RouteValues["id"]!);

    private ListedModel Find(string id, GatewayKey? key) => listing.Find(id, key)
        ?? throw GatewayException.NotFound($"'{id}' is not a model of the catalogue.{NearestNames.Hint(id, listing.For(key).Select(static model => model.Model.Id))}");

    // Two callers may write a new snapshot at once; they write the same.
    private ReadOnlyMemory<byte> WholeBody()
    {
        var written = Volatile.Read(ref _written);
        if (!ReferenceEquals(written.Snapshot, listing.Snapshot))
        {
            var (snapshot, models) = (listing.Snapshot, listing.For(null));
            Volatile.Write(ref _written, written = new Written(snapshot, ListingBody.Write(json => Write(json, models, models.Count, next: null))));
        }

        return written.Body;
    }

    private static void Write(Utf8JsonWriter json, HttpRequest request, ModelQuery query, IReadOnlyList<ListedModel> found)
    {
        var (page, next) = query.PageOf(found);
        Write(json, page, found.Count, next is { } offset ? LinkTo(request, offset) : null);
    }

    private static void Write(Utf8JsonWriter json, IReadOnlyList<ListedModel> models, int total, string? next)
    {
        json.WriteStartObject();
        json.WriteString("object", "list");
        json.WriteStartArray("data");
        foreach (var model in models)
            ModelJson.Write(json, model);
        json.WriteEndArray();
        json.WriteNumber("total_count", total);
        json.WriteStartObject("links");
        json.WriteString("next", next);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static string LinkTo(HttpRequest request, int offset)
    {
        var others = request.Query.Where(static parameter => parameter.Key != "offset").SelectMany(static parameter => parameter.Value, static (parameter, value) => KeyValuePair.Create(parameter.Key, value));
        return QueryHelpers.AddQueryString(
            request.Path, [.. others, KeyValuePair.Create("offset", (string?)offset.ToString(CultureInfo.InvariantCulture))]);
    }

    private sealed record Written(CatalogSnapshot? Snapshot, ReadOnlyMemory<byte> Body);
}
