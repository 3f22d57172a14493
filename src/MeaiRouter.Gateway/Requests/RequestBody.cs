using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using MeaiRouter.Attempts;
using MeaiRouter.Gateway.Errors;
using MeaiRouter.OpenAI.Codec;
using MeaiRouter.OpenAI.Wire;
using Microsoft.AspNetCore.Http;

namespace MeaiRouter.Gateway.Requests;

/// <summary>Reads a request's body once, into no more memory than a body may take, and waits no longer for it than it may take to arrive.</summary>
internal static class RequestBody
{
    /// <summary>The largest body where the configuration does not say, in bytes: room for a few images and a long document.</summary>
    public const long MaxBytes = 32 * 1024 * 1024;

    /// <summary>Parses a body; it keeps none of the bytes.</summary>
    public delegate T Parser<out T>(ReadOnlySpan<byte> utf8Json);

    public static ValueTask<ChatCompletionRequest> ReadAsync(HttpRequest request, CancellationToken cancellationToken) =>
        ReadAsync(request, RequestReader.Parse, cancellationToken);

    /// <summary>Reads the whole body and hands it to a parser.</summary>
    /// <exception cref="GatewayException">It is too large, nested too deep, or does not arrive in time.</exception>
    public static async ValueTask<T> ReadAsync<T>(HttpRequest request, Parser<T> parse, CancellationToken cancellationToken)
    {
        var facts = CallFacts.Of(request.HttpContext);
        var reader = request.BodyReader;
        ITimer? patience = null;
        try
        {
            while (true)
            {
                // Most bodies are there with their headers: only for those that are not is there a clock. It cancels the read rather than a token:
                // a reader whose read was broken off cannot be drained, and Kestrel would complain.
                if (!reader.TryRead(out var read))
                {
                    patience ??= facts.Time.CreateTimer(static reader => ((PipeReader)reader!).CancelPendingRead(), reader, facts.Limits.BodyTimeout, Timeout.InfiniteTimeSpan);
                    read = await reader.ReadAsync(cancellationToken);
                }

                if (read.IsCanceled)
                {
                    reader.AdvanceTo(read.Buffer.Start);
                    throw GatewayException.Late($"The body did not arrive within {facts.Limits.BodyTimeout.TotalSeconds:0.###} seconds. Send it faster, or send less.");
                }

                if (TryParse(reader, read, facts.Limits, parse, out var parsed))
                    return parsed;
            }
        }
        finally
        {
            patience?.Dispose();
        }
    }

    private static bool TryParse<T>(PipeReader reader, in ReadResult read, RequestLimits limits, Parser<T> parse, out T parsed)
    {
        var consumed = read.Buffer.Start;
        try
        {
            if (read.Buffer.Length > limits.MaxBodyBytes)
                throw GatewayException.TooLarge($"The body has more than {limits.MaxBodyBytes} bytes. Send less, or refer to files by URL.");
            if (!read.IsCompleted)
            {
                parsed = default!;
                return false;
            }

            consumed = read.Buffer.End;
            parsed = Parse(read.Buffer, limits, parse);
            return true;
        }
        finally
        {
            reader.AdvanceTo(consumed, read.Buffer.End);
        }
    }

    private static T Parse<T>(in ReadOnlySequence<byte> body, RequestLimits limits, Parser<T> parse)
    {
        if (body.IsSingleSegment)
            return Parse(body.FirstSpan, limits, parse);

        var rented = ArrayPool<byte>.Shared.Rent(checked((int)body.Length));
        try
        {
            body.CopyTo(rented);
            return Parse(rented.AsSpan(0, (int)body.Length), limits, parse);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private static T Parse<T>(ReadOnlySpan<byte> body, RequestLimits limits, Parser<T> parse)
    {
        // The serializer's own limit costs nothing; only a lower one needs a look of its own.
        if (limits.MaxJsonDepth < RequestLimits.DeepestJson)
            JsonDepth.Check(body, limits.MaxJsonDepth);
        try
        {
            return parse(body);
        }
        catch (RouterException exception) when (exception.InnerException is JsonException)
        {
            JsonDepth.Check(body, limits.MaxJsonDepth);
            throw;
        }
    }
}
