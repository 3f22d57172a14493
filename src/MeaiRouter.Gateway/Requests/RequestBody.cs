using System.Buffers;
using MeaiRouter.Gateway.Errors;
using MeaiRouter.OpenAI.Codec;
using MeaiRouter.OpenAI.Wire;
using Microsoft.AspNetCore.Http;

namespace MeaiRouter.Gateway.Requests;

/// <summary>Reads a request's body once, into no more memory than a body may take.</summary>
internal static class RequestBody
{
    /// <summary>The largest body, in bytes: room for a few images and a long document.</summary>
    public const long MaxBytes = 32 * 1024 * 1024;

    /// <summary>Parses a body; it keeps none of the bytes.</summary>
    public delegate T Parser<out T>(ReadOnlySpan<byte> utf8Json);

    public static ValueTask<ChatCompletionRequest> ReadAsync(HttpRequest request, CancellationToken cancellationToken) =>
        ReadAsync(request, RequestReader.Parse, cancellationToken);

    /// <summary>Reads the body of a path that has another form.</summary>
    public static async ValueTask<T> ReadAsync<T>(HttpRequest request, Parser<T> parse, CancellationToken cancellationToken)
    {
        var reader = request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(cancellationToken);
            var consumed = read.Buffer.Start;
            try
            {
                if (read.Buffer.Length > MaxBytes)
                    throw GatewayException.TooLarge($"The body has more than {MaxBytes} bytes. Send less, or refer to files by URL.");
                if (read.IsCompleted)
                {
                    consumed = read.Buffer.End;
                    return Parse(read.Buffer, parse);
                }
            }
            finally
            {
                reader.AdvanceTo(consumed, read.Buffer.End);
            }
        }
    }

    private static T Parse<T>(in ReadOnlySequence<byte> body, Parser<T> parse)
    {
        if (body.IsSingleSegment)
            return parse(body.FirstSpan);

        var rented = ArrayPool<byte>.Shared.Rent(checked((int)body.Length));
        try
        {
            body.CopyTo(rented);
            return parse(rented.AsSpan(0, (int)body.Length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }
}
