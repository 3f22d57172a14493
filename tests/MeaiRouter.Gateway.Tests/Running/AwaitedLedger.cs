using MeaiRouter.Costs;

namespace MeaiRouter.Gateway.Tests.Running;

/// <summary>A ledger that can be waited for: what became of a request whose caller has left is known only here.</summary>
public sealed class AwaitedLedger : ILedger
{
    private readonly Lock _lock = new();
    private readonly List<GenerationRecord> _records = [];
    private TaskCompletionSource _grew = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyList<GenerationRecord> Records
    {
        get
        {
            lock (_lock)
                return [.. _records];
        }
    }

    public ValueTask AppendAsync(GenerationRecord record, CancellationToken cancellationToken = default)
    {
        TaskCompletionSource grew;
        lock (_lock)
        {
            _records.Add(record);
            (grew, _grew) = (_grew, new(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        grew.SetResult();
        return ValueTask.CompletedTask;
    }

    /// <summary>The only record there is, or will be.</summary>
    public async Task<GenerationRecord> SingleAsync()
    {
        while (true)
        {
            Task grew;
            lock (_lock)
            {
                if (_records.Count > 0)
                    return Assert.Single(_records);
                grew = _grew.Task;
            }

            await grew.WaitAsync(GatewayTest.Patience);
        }
    }
}
