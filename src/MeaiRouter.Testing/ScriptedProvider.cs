namespace MeaiRouter.Testing;

/// <summary>
/// A provider on loopback that speaks OpenAI's wire of chat completions and embeddings over real HTTP, does what its scripts say,
/// and remembers what it received.
/// </summary>
/// <remarks>
/// <para>It serves <c>POST /v1/chat/completions</c>, <c>POST /v1/embeddings</c> and <c>GET /v1/models</c> with HTTP/1.1 on 127.0.0.1. It reads no configuration and
/// no environment variable, and writes no log.</para>
/// <para>All members may be used from several threads.</para>
/// </remarks>
public sealed class ScriptedProvider : IAsyncDisposable
{
    private readonly ProviderScripts _scripts;
    private readonly RequestLog _log;
    private readonly CancellationTokenSource _stopping = new();
    private LoopbackServer? _server;

    private ScriptedProvider(string name, TimeProvider time)
    {
        Name = name;
        _scripts = new ProviderScripts(time);
        _log = new RequestLog(name, time);
    }

    /// <summary>The provider's name, as its error texts and its list of models tell it.</summary>
    public string Name { get; }

    /// <summary>The address that clients take as their base, such as <c>http://127.0.0.1:40123/v1</c>.</summary>
    public Uri BaseUrl { get; private set; } = null!;

    /// <summary>All requests received so far, in order, whatever came of them.</summary>
    public IReadOnlyList<ReceivedRequest> Requests => _log.Snapshot();

    /// <summary>How many requests were received so far.</summary>
    public int RequestCount => _log.Count;

    /// <summary>The requests received so far that the enforced dialect refused, in order; why is in their <see cref="ReceivedRequest.Refusal"/>.</summary>
    public IReadOnlyList<ReceivedRequest> Refused => [.. _log.Snapshot().Where(static r => r.Refusal is not null)];

    /// <summary>Starts a provider. It knows no model until <see cref="ForModel"/> or <see cref="ForAnyModel"/> is called.</summary>
    /// <param name="name">The provider's name.</param>
    /// <param name="port">The port to listen on; by default any free one.</param>
    /// <param name="timeProvider">The clock of delays, rate limits and time stamps; by default the system's.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <exception cref="IOException">The port is in use.</exception>
    public static async Task<ScriptedProvider> StartAsync(
        string name, int port = 0, TimeProvider? timeProvider = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        var time = timeProvider ?? TimeProvider.System;
        var provider = new ScriptedProvider(name, time);
        var endpoint = new ChatEndpoint(name, provider._scripts, provider._log, time, provider._stopping.Token);
        provider._server = await LoopbackServer.StartAsync(port, endpoint.HandleAsync, cancellationToken);
        provider.BaseUrl = new Uri(provider._server.Address, "v1");
        return provider;
    }

    /// <summary>The script of a model; the first call makes the model known. Names are compared exactly.</summary>
    public ModelScript ForModel(string model)
    {
        ArgumentException.ThrowIfNullOrEmpty(model);
        return _scripts.ForModel(model);
    }

    /// <summary>The script of all models that have none of their own.</summary>
    public ModelScript ForAnyModel() => _scripts.ForAnyModel();

    /// <summary>Adds what a tape holds to the scripts of its models: each exchange answers one request, in the order in which they were recorded.</summary>
    /// <param name="tape">What a <see cref="ProviderRecorder"/> recorded.</param>
    /// <param name="keepsPace">Whether to wait as long as the real provider did, by this provider's clock; by default everything comes at once.</param>
    /// <remarks>A request in the other mode than the recorded one (streamed or whole) is answered with 400 <c>tape_mismatch</c>.</remarks>
    public ScriptedProvider Play(Tape tape, bool keepsPace = false)
    {
        ArgumentNullException.ThrowIfNull(tape);
        foreach (var exchange in tape.Exchanges)
            ForModel(exchange.Model).Next(new RecordedStep(exchange, keepsPace));
        return this;
    }

    /// <summary>Answers requests without one of these bearer keys with 401 <c>invalid_api_key</c>; they use up no step.</summary>
    public ScriptedProvider RequireKey(params ReadOnlySpan<string> keys)
    {
        _scripts.RequireKey(keys);
        return this;
    }

    /// <summary>
    /// Enforces a provider's own rules: a request that breaks one is answered as the real provider answers it and uses up no step, and
    /// replies are spelled as the real provider spells them. <see cref="ModelScript.Enforce"/> does so for one model.
    /// </summary>
    public ScriptedProvider Enforce(StrictDialect dialect)
    {
        ArgumentNullException.ThrowIfNull(dialect);
        _scripts.Dialect = dialect;
        return this;
    }

    /// <summary>The requests for one model received so far, in order.</summary>
    public IReadOnlyList<ReceivedRequest> RequestsFor(string model) => [.. _log.Snapshot().Where(r => r.Model == model)];

    /// <summary>Completes once at least so many requests were received since the start or the last <see cref="ClearRequests"/>.</summary>
    public Task WaitForRequestsAsync(int count, CancellationToken cancellationToken = default) => _log.WaitForAsync(count, cancellationToken);

    /// <summary>Forgets the requests received so far; their numbers are not given again.</summary>
    public void ClearRequests() => _log.Clear();

    /// <summary>Stops at once: scripts that still play are ended and their connections closed.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _server, null) is not { } server)
            return;

        await _stopping.CancelAsync();
        await server.DisposeAsync();
        _stopping.Dispose();
    }

    /// <summary>The name and the address.</summary>
    public override string ToString() => $"{Name} at {BaseUrl}";
}
