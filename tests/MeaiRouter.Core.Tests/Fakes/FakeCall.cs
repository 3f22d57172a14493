using Microsoft.Extensions.AI;

namespace MeaiRouter.Core.Tests.Fakes;

/// <summary>One call as a fake provider saw it.</summary>
internal sealed class FakeCall
{
    private readonly TaskCompletionSource _cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public FakeCall(IEnumerable<ChatMessage> messages, ChatOptions? options, bool streaming, CancellationToken token)
    {
        Messages = [.. messages];
        Given = options;
        Options = options?.Clone();
        Streaming = streaming;
        token.Register(() => _cancelled.TrySetResult());
    }

    public IReadOnlyList<ChatMessage> Messages { get; }

    /// <summary>The instance the provider was handed.</summary>
    public ChatOptions? Given { get; }

    /// <summary>The options as they were when the call arrived.</summary>
    public ChatOptions? Options { get; }

    public bool Streaming { get; }

    /// <summary>Completes when the provider sees that its call is cancelled.</summary>
    public Task Cancelled => _cancelled.Task;

    /// <summary>Completes when the call is over: answered, failed, or its enumerator disposed.</summary>
    public Task Ended => _ended.Task;

    internal void End() => _ended.TrySetResult();
}
