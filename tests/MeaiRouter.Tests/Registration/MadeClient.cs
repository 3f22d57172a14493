using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using MeaiRouter.OpenAI;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Tests.Registration;

/// <summary>The client of a configured provider: answers with the key and the header it was made with, and refuses to be called once it is disposed.</summary>
internal sealed class MadeClient(OpenAICompatibleOptions options, MadeClients all) : IChatClient
{
    private int _disposals;

    public OpenAICompatibleOptions Options => options;

    public int Disposals => Volatile.Read(ref _disposals);

    private string Answer => $"{options.BaseUrl.Host} {string.Join(',', options.ApiKeys)}";

    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        await BeginAsync(options, cancellationToken);
        ObjectDisposedException.ThrowIf(Disposals > 0, this);
        return new ChatResponse(new ChatMessage(ChatRole.Assistant, Answer))
        {
            FinishReason = ChatFinishReason.Stop,
            ModelId = options?.ModelId,
            Usage = new UsageDetails { InputTokenCount = 1_000, OutputTokenCount = 100, TotalTokenCount = 1_100 },
        };
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var update in (await GetResponseAsync(messages, options, cancellationToken)).ToChatResponseUpdates())
        {
            ObjectDisposedException.ThrowIf(Disposals > 0, this);
            yield return update;
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
        Interlocked.Increment(ref _disposals);
        all.OnDispose(this);
    }

    private async Task BeginAsync(ChatOptions? options, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(Disposals > 0, this);
        all.Called(this, options);
        await all.Gate.WaitAsync(cancellationToken);
    }
}

/// <summary>All clients that were made.</summary>
internal sealed class MadeClients
{
    private readonly ConcurrentQueue<MadeClient> _made = new();
    private TaskCompletionSource<MadeClient> _call = new();

    public IReadOnlyList<MadeClient> All => [.. _made];

    /// <summary>What every call waits for.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    /// <summary>What a call does besides.</summary>
    public Action<MadeClient, ChatOptions?> OnCall { get; set; } = static (_, _) => { };

    /// <summary>What a disposal does besides.</summary>
    public Action<MadeClient> OnDispose { get; set; } = static _ => { };

    public IChatClient Make(OpenAICompatibleOptions options)
    {
        var client = new MadeClient(options, this);
        _made.Enqueue(client);
        return client;
    }

    /// <summary>The next call that is made from now on.</summary>
    public Task<MadeClient> NextCall() => (_call = new TaskCompletionSource<MadeClient>(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public void Called(MadeClient client, ChatOptions? options)
    {
        OnCall(client, options);
        _call.TrySetResult(client);
    }
}
