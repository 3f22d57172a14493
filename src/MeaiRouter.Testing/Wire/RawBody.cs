using System.Collections.Immutable;

namespace MeaiRouter.Testing;

/// <summary>Bytes that go out as they are, in one mode whatever the request asks for.</summary>
internal sealed record RawBody(bool IsStream, ImmutableArray<byte[]> Writes) : ReplyBody
{
    public override bool IsStreamed(ReceivedRequest request) => IsStream;

    public override StreamedBody Stream(ReceivedRequest request) => new([], Writes, []);

    public override byte[] Whole(ReceivedRequest request) => [.. Writes.SelectMany(static w => w)];

    public override byte[] WholeUntil(int pieces, ReceivedRequest request) => pieces == 0 ? [] : ReplyTranscript.Half(Whole(request));

    public override byte[] ErrorEvent(ReceivedRequest request, WireError error) =>
        [.. "data: "u8, .. error.InBandBody(request.Provider), .. "\n\n"u8];
}
