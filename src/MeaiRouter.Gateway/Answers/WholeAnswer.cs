using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using MeaiRouter.Gateway.Requests;
using MeaiRouter.Routing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Gateway.Answers;

/// <summary>One answer of any API that is not streamed.</summary>
internal static class WholeAnswer
{
    /// <summary>Sets the headers that tell how the answer came about.</summary>
    public static RouteTrace? Head(HttpContext http, ChatResponse response)
    {
        var trace = response.GetRouteTrace();
        CacheHeaders.Write(http.Response.Headers, trace?.Cache);
        ServerTiming.Write(http, trace);
        http.Response.ContentType = "application/json";
        return trace;
    }

    /// <summary>Sends the body in one piece: with its length known it needs no chunks, and leaves together with the headers.</summary>
    public static async Task WriteAsync<T>(HttpContext http, T body, JsonTypeInfo<T> type)
    {
        using var buffer = new AnswerBuffer();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = type.Options.Encoder, SkipValidation = true }))
            JsonSerializer.Serialize(json, body, type);
        http.Response.ContentLength = buffer.Length;
        await http.Response.BodyWriter.WriteAsync(buffer.Written, http.RequestAborted);
    }
}
