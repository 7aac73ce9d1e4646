/** Below this share of a site's rated IT power fixed losses raise the PUE of a plant without a fault: burn is not judged. */
export const LEAST_LOAD = 0.3;
