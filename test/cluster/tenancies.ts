/**
 * What the demonstration estate promises each tenant's namespace, worked out by hand: floor(PFlops x 1000 / the model's
 * dense FP16 TFLOPS), shared out over the tenant's namespaces, the first ones taking what is left over.
 */
export interface Tenancy {
  readonly cluster: string;
  readonly namespace: string;
  /** Name that the maker's device plugin gives its accelerators */
  readonly resource: string;
  readonly accelerators: number;
}

export const tenancies: readonly Tenancy[] = [
  // 20 PFlops / 313 = 63.9 of Ascend 910B3, in two namespaces
  { cluster: 'nc-a', namespace: 'copper-train', resource: 'huawei.com/Ascend910', accelerators: 32 },
  { cluster: 'nc-a', namespace: 'copper-serve', resource: 'huawei.com/Ascend910', accelerators: 31 },
  // 10 PFlops / 312 = 32.05 of A800
  { cluster: 'nc-a', namespace: 'uni-lab', resource: 'nvidia.com/gpu', accelerators: 32 },
  // 8 PFlops / 256 = 31.25 of Ascend 910A
  { cluster: 'py-a', namespace: 'rice-vision', resource: 'huawei.com/Ascend910', accelerators: 31 },
  // 4 PFlops / 148 = 27.03 of H20
  { cluster: 'py-a', namespace: 'uni-lab', resource: 'nvidia.com/gpu', accelerators: 27 },
];
