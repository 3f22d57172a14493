using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using MeaiRouter.Gateway.Tests.Running;

namespace MeaiRouter.Gateway.Tests.Clients;

/// <summary>A script of node/ in a process of its own, which does one scenario after the other with a real client.</summary>
internal sealed class NodeScript : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task<string> _errors;

    public NodeScript(string script, string argument)
    {
        _process = Process.Start(new ProcessStartInfo(NodePrograms.Node!, [script, argument])
        {
            WorkingDirectory = NodePackages.Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            StandardOutputEncoding = Encoding.UTF8,
        })!;
        _errors = _process.StandardError.ReadToEndAsync();
    }

    /// <summary>What the client saw: a <c>result</c> or an <c>error</c>.</summary>
    public async Task<JsonObject> AskAsync(JsonObject scenario)
    {
        await _process.StandardInput.WriteLineAsync(scenario.ToJsonString());
        await _process.StandardInput.FlushAsync();
        var line = await _process.StandardOutput.ReadLineAsync().WaitAsync(GatewayTest.Patience)
            ?? throw new InvalidOperationException($"The script has ended: {await _errors}");
        var seen = JsonNode.Parse(line)!.AsObject();
        return seen["crash"] is { } crash ? throw new InvalidOperationException($"The script failed: {crash}") : seen;
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        try
        {
            await _process.WaitForExitAsync().WaitAsync(GatewayTest.Patience);
        }
        catch (TimeoutException)
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
