using System.Text.Json.Nodes;

namespace MeaiRouter.Gateway.Tests.Clients;

/// <summary>The scripts that a class of tests runs: each is started once, since loading a client takes longer than its scenarios.</summary>
public sealed class NodeScripts : IAsyncLifetime
{
    private readonly Dictionary<(string Script, string Argument), NodeScript> _running = [];

    public Task InitializeAsync() => NodePackages.InstallAsync();

    /// <summary>Does a scenario; its tests come one at a time, as those of a class do.</summary>
    public Task<JsonObject> AskAsync(string script, string argument, JsonObject scenario)
    {
        if (!_running.TryGetValue((script, argument), out var running))
            _running[(script, argument)] = running = new NodeScript(script, argument);
        return running.AskAsync(scenario);
    }

    public async Task DisposeAsync()
    {
        foreach (var script in _running.Values)
            await script.DisposeAsync();
    }
}
