using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Core.Tests.Fakes;

/// <summary>A provider that plays a script of steps per call, the last one again and again, in either mode, and records what it was asked.</summary>
internal sealed class FakeChatClient(params Step[][] scripts) : IChatClient
{
    private readonly ConcurrentQueue<FakeCall> _calls = new();
    private readonly SemaphoreSlim _arrived = new(0);
    private int _played;

    public ChatClientMetadata? Metadata { get; init; }

    /// <summary>What the client offers through <c>GetService</c> besides itself and its metadata.</summary>
    public object? Service { get; init; }

    /// <summary>Answers whole requests instead of the script.</summary>
    public Func<ChatResponse>? Whole { get; init; }

    public IReadOnlyList<FakeCall> Calls => [.. _calls];

    public FakeCall Call => Assert.Single(_calls);

    public int Disposals { get; private set; }

    public static FakeChatClient Playing(params Step[] steps) => new(steps);

    /// <summary>A well-behaved provider.</summary>
    public static FakeChatClient Answering(string text, UsageDetails? usage = null, string? model = null) =>
        new(Answer(text, usage, model));

    public static Step[] Answer(string text, UsageDetails? usage = null, string? model = null)
    {
        var half = text.Length / 2;
        return
        [
            new ChatResponseUpdate(ChatRole.Assistant, (string?)null) { ModelId = model, ResponseId = "r", MessageId = "m" },
            new ChatResponseUpdate(ChatRole.Assistant, text[..half]) { ModelId = model, ResponseId = "r", MessageId = "m" },
            new ChatResponseUpdate(ChatRole.Assistant, text[half..]) { ModelId = model, ResponseId = "r", MessageId = "m" },
            new ChatResponseUpdate { FinishReason = ChatFinishReason.Stop, ModelId = model, ResponseId = "r", MessageId = "m" },
            .. usage is null ? (Step[])[] : [usage],
        ];
    }

    /// <summary>Waits for the next call.</summary>
    public Task CalledAsync() => _arrived.WaitAsync().Soon();

    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var call = Record(messages, options, streaming: false, cancellationToken);
        try
        {
            if (Whole is not null)
                return Whole();
            return await PlayAsync(NextScript(), cancellationToken).ToChatResponseAsync(CancellationToken.None);
        }
        finally
        {
            call.End();
        }
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var call = Record(messages, options, streaming: true, cancellationToken);
        try
        {
            await foreach (var update in PlayAsync(NextScript(), cancellationToken))
                yield return update;
        }
        finally
        {
            call.End();
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        if (serviceKey is not null)
            return serviceKey is "fake" ? this : null;
        if (serviceType == typeof(ChatClientMetadata))
            return Metadata;
        if (serviceType.IsInstanceOfType(Service))
            return Service;
        return serviceType.IsInstanceOfType(this) ? this : null;
    }

    public void Dispose() => Disposals++;

    private FakeCall Record(IEnumerable<ChatMessage> messages, ChatOptions? options, bool streaming, CancellationToken token)
    {
        var call = new FakeCall(messages, options, streaming, token);
        _calls.Enqueue(call);
        _arrived.Release();
        return call;
    }

    private Step[] NextScript() => scripts[Math.Min(Interlocked.Increment(ref _played), scripts.Length) - 1];

    private static async IAsyncEnumerable<ChatResponseUpdate> PlayAsync(
        Step[] steps, [EnumeratorCancellation] CancellationToken token)
    {
        foreach (var step in steps)
        {
            ChatResponseUpdate? update;
            try
            {
                update = await step.RunAsync(token);
            }
            catch (EndOfAnswerException)
            {
                yield break;
            }

            if (update is not null)
                yield return update.Clone();
        }
    }
}
