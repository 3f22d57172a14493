using System.Text.Json;

namespace MeaiRouter.Testing;

/// <summary>What a provider received, in order.</summary>
internal sealed class RequestLog(string provider, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly List<ReceivedRequest> _requests = [];
    private TaskCompletionSource _grew = NewSignal();
    private int _received;

    public int Count
    {
        get
        {
            lock (_lock)
                return _requests.Count;
        }
    }

    public IReadOnlyList<ReceivedRequest> Snapshot()
    {
        lock (_lock)
            return [.. _requests];
    }

    public ReceivedRequest Add(string method, string path, IReadOnlyDictionary<string, string> headers, JsonElement body)
    {
        TaskCompletionSource grew;
        ReceivedRequest request;
        lock (_lock)
        {
            request = new ReceivedRequest(provider, ++_received, method, path, headers, body, time.GetUtcNow());
            _requests.Add(request);
            (grew, _grew) = (_grew, NewSignal());
        }

        grew.SetResult();
        return request;
    }

    public void Clear()
    {
        lock (_lock)
            _requests.Clear();
    }

    public async Task WaitForAsync(int count, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task grew;
            lock (_lock)
            {
                if (_requests.Count >= count)
                    return;
                grew = _grew.Task;
            }

            await grew.WaitAsync(cancellationToken);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
