using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace MeaiRouter.Anthropic.Tests;

/// <summary>Answers every request with the same bytes, handed over in pieces that end where the test says.</summary>
internal sealed class FixedAnswer(string body, string mediaType = "text/event-stream", params int[] cuts) : HttpMessageHandler
{
    /// <summary>Whether the connection breaks after the bytes.</summary>
    public bool Breaks { get; init; }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var content = new StreamContent(new Pieces(Encoding.UTF8.GetBytes(body), cuts, Breaks));
        content.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
        var response = new HttpResponseMessage(HttpStatusCode.OK) { Content = content, RequestMessage = request };
        response.Headers.Add("request-id", "req_1");
        return Task.FromResult(response);
    }

    private sealed class Pieces(byte[] bytes, int[] cuts, bool breaks) : MemoryStream(bytes)
    {
        public override int Read(Span<byte> buffer) => base.Read(buffer[..Length(buffer.Length)]);

        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Length(count));

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            Task.FromResult(Read(buffer, offset, count));

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));

        private new int Length(int wanted)
        {
            if (breaks && Position == base.Length)
                throw new HttpIOException(HttpRequestError.ResponseEnded, "The response ended prematurely.");
            var next = cuts.Where(cut => cut > Position).DefaultIfEmpty(int.MaxValue).Min();
            return (int)Math.Min(wanted, next - Position);
        }
    }
}
