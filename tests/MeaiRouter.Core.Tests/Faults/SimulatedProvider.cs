using System.Runtime.CompilerServices;
using MeaiRouter.Attempts;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Core.Tests.Faults;

/// <summary>A provider that lives by the clock of a simulation, does what it is told with each call, and counts what is left open.</summary>
/// <param name="time">The clock.</param>
/// <param name="fate">What becomes of the next call.</param>
internal sealed class SimulatedProvider(TimeProvider time, Func<Fate> fate) : IChatClient
{
    public const string Beginning = "The answer ";
    public const string Text = Beginning + "is forty-two.";
    public const string OtherText = "Another answer altogether.";

    private static readonly TimeSpan ToContent = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan BetweenContents = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Deafness = TimeSpan.FromSeconds(30);

    private int _calls;
    private int _open;

    /// <summary>Calls that were made.</summary>
    public int Calls => Volatile.Read(ref _calls);

    /// <summary>Calls that are neither answered nor given up: on a wire each would hold a connection.</summary>
    public int Open => Volatile.Read(ref _open);

    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        await GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(CancellationToken.None);

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref _calls);
        Interlocked.Increment(ref _open);
        try
        {
            var what = fate();
            await Task.Delay(ToContent, time, cancellationToken);
            switch (what)
            {
                case Fate.Unavailable:
                    throw new RouterException(FailureKind.Unavailable, "Down.") { Status = 503 };
                case Fate.ServerError:
                    throw new RouterException(FailureKind.ServerError, "Broken.") { Status = 500 };
                case Fate.RateLimited:
                    throw new RouterException(FailureKind.RateLimited, "Slow down.") { Status = 429, RetryAfter = TimeSpan.FromSeconds(2) };
                case Fate.Invalid:
                    throw new RouterException(FailureKind.InvalidRequest, "What?") { Status = 400 };
                case Fate.Reset:
                    throw new HttpRequestException("Reset.");
                case Fate.Silent:
                    await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellationToken);
                    break;
                case Fate.Deaf:
                    await Task.Delay(Deafness, time, CancellationToken.None);
                    throw new IOException("At last.");
                case Fate.Empty:
                    yield return new ChatResponseUpdate { FinishReason = ChatFinishReason.Stop };
                    yield break;
            }

            yield return Piece(what == Fate.AnsweredOtherwise ? OtherText[..8] : Beginning);
            await Task.Delay(BetweenContents, time, cancellationToken);
            switch (what)
            {
                case Fate.Cut:
                    throw new HttpIOException(HttpRequestError.ResponseEnded);
                case Fate.Stalled:
                    await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellationToken);
                    break;
                case Fate.Ended:
                    yield break;
                case Fate.InBandError:
                    yield return new ChatResponseUpdate(null, [new ErrorContent("Broken.") { ErrorCode = "502" }]);
                    yield break;
            }

            yield return Piece(what == Fate.AnsweredOtherwise ? OtherText[8..] : Text[Beginning.Length..]);
            yield return new ChatResponseUpdate { FinishReason = ChatFinishReason.Stop };
            yield return new ChatResponseUpdate(null, [new UsageContent(new() { InputTokenCount = 10, OutputTokenCount = 5, TotalTokenCount = 15 })]);
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }

    private static ChatResponseUpdate Piece(string text) => new(ChatRole.Assistant, text);
}
