using System.Text.Json;
using MeaiRouter.Attempts;
using MeaiRouter.Gateway.Errors;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Gateway.Streams;

/// <summary>How one API writes a streamed answer. When it is written, and what of it may fail, <see cref="StreamedAnswer"/> knows.</summary>
internal interface IStreamForm
{
    /// <summary>What a stream says that has nothing to say.</summary>
    ReadOnlyMemory<byte> SignOfLife { get; }

    /// <summary>Learns, before the first update is written, who answers.</summary>
    void Head(ChatResponseUpdate first);

    /// <summary>Writes an update.</summary>
    void Write(ChatResponseUpdate update, EventWriter events);

    /// <summary>Writes the end of an answer that is whole.</summary>
    /// <param name="trace">How it came about; <see langword="null"/> if nobody knows.</param>
    /// <param name="metadata">OpenRouter's <c>openrouter_metadata</c>, where the caller wants it.</param>
    /// <param name="events">Where it goes.</param>
    void End(RouteTrace? trace, JsonElement? metadata, EventWriter events);

    /// <summary>Writes the end of an answer that broke, or of a stream that has said nothing but signs of life.</summary>
    void Break(GatewayError error, JsonElement? metadata, EventWriter events);

    /// <summary>Whether a failure before the first content is in this API the end of an answer rather than an error.</summary>
    bool IsEnd(RouterException failure) => false;
}
