using System.Buffers;
using System.Text.Json;
using MeaiRouter.OpenAI.Wire;
using Microsoft.AspNetCore.Http;

namespace MeaiRouter.Gateway.Models;

/// <summary>Writes a listing as a body of known length.</summary>
internal static class ListingBody
{
    public static ReadOnlyMemory<byte> Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = WireJson.Strict.Options.Encoder }))
            write(json);
        return buffer.WrittenMemory;
    }

    public static Task SendAsync(HttpContext http, Action<Utf8JsonWriter> write) => SendAsync(http, Write(write));

    public static Task SendAsync(HttpContext http, ReadOnlyMemory<byte> body)
    {
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = body.Length;
        return http.Response.Body.WriteAsync(body, http.RequestAborted).AsTask();
    }
}
