using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using MeaiRouter.Budgets;
using MeaiRouter.Gateway.Tests.Running;
using MeaiRouter.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MeaiRouter.Gateway.Tests.Accounts;

/// <summary>Gateways with a management key and, where wanted, a ledger on disk. An answer costs 0.5 * 100 + 1.5 * 200 millionths of a dollar.</summary>
public abstract class AccountTest : GatewayTest
{
    protected const string AdminKey = "sk-admin-0123456789abcdef";
    protected const decimal AnswerCost = 0.00035m;

    private readonly string _directory = Directory.CreateTempSubdirectory("meairouter-gateway-").FullName;

    protected static readonly Reply Answer = Reply.Text("Hello there").WithUsage(prompt: 100, completion: 200);

    protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>
    {
        ["MeaiRouter:Gateway:AdminKey"] = AdminKey,
    };

    protected ShiftedTime Time { get; } = new();

    protected string DatabasePath => Path.Combine(_directory, "ledger.db");

    protected (string, string?) Ledger => ("MeaiRouter:Gateway:Ledger", $"Data Source={DatabasePath};Pooling=False");

    /// <summary>Every file under the ledger's directory as one text.</summary>
    protected string EverythingOnDisk => string.Concat(Directory.EnumerateFiles(_directory, "*", SearchOption.AllDirectories).Where(path => Path.GetFileName(path) != "lock").Select(path =>
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file, System.Text.Encoding.Latin1);
        return reader.ReadToEnd();
    }));

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    protected Task<RunningGateway> StartAsync(params ReadOnlySpan<(string Key, string? Value)> settings) =>
        StartGatewayAsync(router => router.Services.Replace(ServiceDescriptor.Singleton<TimeProvider>(Time)), settings);

    protected static Task<HttpAnswer> ManageAsync(RunningGateway gateway, HttpMethod method, string path, object? body = null) =>
        gateway.SendAsync(method, "/v1" + path, body is null ? null : JsonContent.Create(body), AdminKey);

    /// <summary>Creates a key and gives its secret and hash.</summary>
    protected static async Task<(string Secret, string Hash)> CreateAsync(RunningGateway gateway, object body)
    {
        var answer = await ManageAsync(gateway, HttpMethod.Post, "/keys", body);
        Assert.True(answer.Status == 201, answer.Body);
        return ((string)answer.Json["key"]!, (string)answer.Json["data"]!["hash"]!);
    }

    protected static async Task<JsonNode> OwnAsync(RunningGateway gateway, string key)
    {
        var answer = await gateway.GetAsync("/v1/key", key);
        Assert.True(answer.Status == 200, answer.Body);
        return answer.Json["data"]!;
    }

    protected static decimal Number(JsonNode? node) => decimal.Parse(node!.ToJsonString(), CultureInfo.InvariantCulture);

    protected static async Task<BudgetBalance> BalanceAsync(RunningGateway gateway, string scope) =>
        Assert.Single(await gateway.Services.GetRequiredService<BudgetBook>().SnapshotAsync(), balance => balance.Scope == scope);
}
