using System.Collections.Immutable;

namespace MeaiRouter.Testing;

/// <summary>What a scripted provider does with one request: a <see cref="Reply"/> or a <see cref="Fault"/>.</summary>
/// <remarks>Steps are immutable and can be used again.</remarks>
public abstract record ScriptStep
{
    private protected ScriptStep()
    {
    }

    internal Pause BeforeHeaders { get; init; }

    internal ImmutableArray<KeyValuePair<string, string>> Headers { get; init; } = [];

    internal int? WriteSize { get; init; }

    /// <summary>Names the kind of step only.</summary>
    public sealed override string ToString() => GetType().Name;

    internal Transcript Play(ReceivedRequest request)
    {
        var transcript = Compose(request);
        return transcript with
        {
            Headers = transcript.Headers.AddRange(Headers),
            BeforeHeaders = BeforeHeaders == default ? transcript.BeforeHeaders : BeforeHeaders,
            WriteSize = WriteSize ?? transcript.WriteSize,
        };
    }

    private protected abstract Transcript Compose(ReceivedRequest request);
}
