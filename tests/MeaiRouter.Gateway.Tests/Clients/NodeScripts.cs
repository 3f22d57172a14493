using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace MeaiRouter.Gateway.Tests.Clients;

/// <summary>The scripts that a class of tests runs.</summary>
/// <remarks>
/// Loading a client takes longer than its scenarios: a script runs for a whole class of tests, and then for the next that asks for it. It ends with
/// its standard input, which is with the tests.
/// </remarks>
public sealed class NodeScripts : IAsyncLifetime
{
    private static readonly ConcurrentDictionary<(string Script, string Argument), ConcurrentBag<NodeScript>> Idle = [];

    private readonly Dictionary<(string Script, string Argument), NodeScript> _running = [];

    public Task InitializeAsync() => NodePackages.InstallAsync();

    /// <summary>Does a scenario; they come one at a time, as the tests of a class do.</summary>
    public async Task<JsonObject> AskAsync(string script, string argument, JsonObject scenario)
    {
        var name = (script, argument);
        if (!_running.TryGetValue(name, out var running))
            _running[name] = running = IdleOf(name).TryTake(out var idle) ? idle : new NodeScript(script, argument);
        try
        {
            return await running.AskAsync(scenario);
        }
        catch
        {
            // Its next answer would be the one to this scenario.
            _running.Remove(name);
            await running.DisposeAsync();
            throw;
        }
    }

    public Task DisposeAsync()
    {
        foreach (var (name, script) in _running)
            IdleOf(name).Add(script);
        return Task.CompletedTask;
    }

    private static ConcurrentBag<NodeScript> IdleOf((string Script, string Argument) name) => Idle.GetOrAdd(name, static _ => []);
}
