namespace MeaiRouter.Gateway.Authentication;

/// <summary>Lets changes happen one after the other, whoever makes them.</summary>
internal sealed class OneAtATime : IDisposable
{
    private readonly SemaphoreSlim _changing = new(1);

    /// <summary>Makes a change when it is its turn.</summary>
    public async Task<T> RunAsync<T>(Func<Task<T>> change, CancellationToken cancellationToken)
    {
        await _changing.WaitAsync(cancellationToken);
        try
        {
            return await change();
        }
        finally
        {
            _changing.Release();
        }
    }

    public void Dispose() => _changing.Dispose();
}
