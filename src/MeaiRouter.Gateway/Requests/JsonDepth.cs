using System.Text.Json;
using MeaiRouter.Gateway.Errors;

namespace MeaiRouter.Gateway.Requests;

/// <summary>Finds where a body is nested too deep.</summary>
internal static class JsonDepth
{
    /// <exception cref="GatewayException">It is; the message names the field.</exception>
    public static void Check(ReadOnlySpan<byte> body, int deepest)
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = int.MaxValue });
        string? field = null;
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 1)
                    field = reader.GetString();
                else if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray && reader.CurrentDepth >= deepest)
                    throw GatewayException.Invalid($"The request's body is nested more than {deepest} levels deep{(field is null ? "" : $", in '{field}'")}. Send it flatter.");
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // What else is wrong with it is told by whoever reads it.
        }
    }
}
