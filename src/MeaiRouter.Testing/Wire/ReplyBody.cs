using System.Collections.Immutable;

namespace MeaiRouter.Testing;

/// <summary>The bytes of a reply in either mode, whole and broken off.</summary>
internal abstract record ReplyBody
{
    public abstract bool IsStreamed(ReceivedRequest request);

    public abstract StreamedBody Stream(ReceivedRequest request);

    public abstract byte[] Whole(ReceivedRequest request);

    /// <summary>A valid body that ends after so many pieces of the content.</summary>
    public abstract byte[] WholeUntil(int pieces, ReceivedRequest request);

    public virtual byte[] WholeWithError(int pieces, ReceivedRequest request, WireError error) => error.InBandBody(request.Provider);

    public abstract byte[] ErrorEvent(ReceivedRequest request, WireError error);
}

/// <summary>A stream in writes: what opens it, one for each piece of content, what closes it.</summary>
internal sealed record StreamedBody(ImmutableArray<byte[]> Opening, ImmutableArray<byte[]> Content, ImmutableArray<byte[]> Closing);
