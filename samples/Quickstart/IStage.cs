using MeaiRouter.Catalog;
using Microsoft.Extensions.AI;

namespace Samples.Quickstart;

/// <summary>The providers the scenes are played with, scripted or real.</summary>
internal interface IStage : IAsyncDisposable
{
    IReadOnlyDictionary<string, IChatClient> Providers { get; }

    ModelCatalog Catalog { get; }

    IReadOnlyList<Scene> Scenes { get; }
}
